"""No request says where we come from, whatever the Referrer-Policy of a page is."""

from typing import Any

from scrapy.spidermiddlewares.referer import NoReferrerPolicy, RefererMiddleware, ReferrerPolicy


class NoRefererMiddleware(RefererMiddleware):
    """Stands in the place of Scrapy's, without which its redirect middlewares warn at each start.

    It leaves alone what spiders give, where Scrapy's looks at each item and request to set the header.
    """

    process_spider_output = process_spider_output_async = None  # type: ignore[assignment]

    def policy(self, *_: Any, **__: Any) -> ReferrerPolicy:
        """Return the policy that sends none; a page's own is not looked at."""
        return NoReferrerPolicy()
