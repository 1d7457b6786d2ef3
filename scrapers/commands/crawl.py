"""`scrapy crawl OUTLET`: Scrapy's own, with one-line errors and an exit code that says how the crawl ended."""

import argparse
import sys

from scrapy.commands import crawl
from scrapy.exceptions import UsageError as ScrapyUsageError

from scrapers.errors import WartaError
from scrapers.spiders import outlet
from scrapers.storage.connection import connect


class Command(crawl.Command):
    """Run a spider; exit codes are those of scrapers/errors.py."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, and set `exitcode` to the error's, 0 where there was none."""
        if len(args) != 1:
            raise ScrapyUsageError("give one outlet (`scrapy list` shows all)")
        error = self._crawl(args[0], opts)
        if error:
            sys.stderr.write(f"scrapy crawl: {error}\n")
            self.exitcode = error.exit_code

    def _crawl(self, name: str, opts: argparse.Namespace) -> WartaError | None:
        """Return why the crawl did not succeed."""
        try:
            spider = outlet(name)
            spider(**opts.spargs)  # a wrong argument is told before anything starts
            with connect():  # and so is a database that is not there
                pass
        except WartaError as error:
            return error
        crawler = self._create_crawler(name)
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        if crawler.spider is None or self.crawler_process.bootstrap_failed:
            return WartaError(f"{name}: the crawl did not start; see the log above")
        return crawler.spider.crawl.error  # type: ignore[attr-defined]  # Warta's spiders have it
