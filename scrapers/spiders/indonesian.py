"""What Indonesian outlets have in common."""

from typing import ClassVar

from scrapers.spiders.base import NewsSpider


class IndonesianSpider(NewsSpider):
    """An outlet that writes Indonesian, prints Jakarta's time, and is crawled every half hour."""

    in_language: ClassVar[str | None] = "id"
    time_zone = "Asia/Jakarta"
    schedule: ClassVar[str | None] = "H/30 * * * *"
