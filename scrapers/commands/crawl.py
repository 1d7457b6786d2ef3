"""`scrapy crawl OUTLET`: Scrapy's own, with one-line errors and an exit code that says how the crawl ended."""

import argparse
import sys

from scrapy.commands import crawl
from scrapy.exceptions import UsageError as ScrapyUsageError

from scrapers.errors import WartaError
from scrapers.spiders import outlet
from scrapers.spiders.base import NewsSpider
from scrapers.storage.connection import connect


class Command(crawl.Command):
    """Run a spider; exit codes are those of scrapers/errors.py."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check what can be checked before anything starts: the outlet, its arguments, the database."""
        super().process_options(args, opts)
        if len(args) != 1:
            raise ScrapyUsageError("give one outlet (`scrapy list` shows all)", print_help=False)
        try:
            outlet(args[0])(**opts.spargs)
            with connect():
                pass
        except WartaError as error:
            _say(error)
            sys.exit(error.exit_code)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, and set `exitcode` to the error's, 0 where there was none."""
        process, crawler = self.crawler_process, self._create_crawler(args[0])
        if process is None:
            raise RuntimeError("scrapy started `crawl` without a crawler process")
        process.crawl(crawler, **opts.spargs)
        process.start()
        if not isinstance(crawler.spider, NewsSpider) or process.bootstrap_failed:
            error: WartaError | None = WartaError(f"{args[0]}: the crawl did not start; see the log above")
        else:
            error = crawler.spider.crawl.error
        if error:
            _say(error)
            self.exitcode = error.exit_code


def _say(error: WartaError) -> None:
    sys.stderr.write(f"scrapy crawl: {error}\n")
