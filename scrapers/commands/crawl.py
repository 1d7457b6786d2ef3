"""`scrapy crawl OUTLET`: Scrapy's own, with one-line errors and an exit code that says how the crawl ended."""

import argparse
import logging
import socket
import sys
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.commands import crawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError as ScrapyUsageError
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, Settings

from scrapers.commands.unforeseen import tell, tell_of_crashes
from scrapers.crawl import stopping
from scrapers.crawl.middleware import run_of
from scrapers.errors import OutletError, Stopped, UsageError, WartaError, shortened
from scrapers.spiders import outlet
from scrapers.spiders.arguments import read_list
from scrapers.storage.connection import connect

MOST_SAID = 2000  # characters of the error at the end


class Command(crawl.Command):
    """Run a spider; exit codes are those of scrapers/errors.py."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check what can be checked before anything starts: the outlet, its arguments, the database."""
        tell_of_crashes("scrapy crawl")
        super().process_options(args, opts)
        if len(args) != 1:
            raise ScrapyUsageError("give one outlet (`scrapy list` shows all)", print_help=False)
        try:
            if "urls" in opts.spargs:  # here, because standard input can be read once
                opts.spargs["urls"] = read_list(opts.spargs["urls"])
            spider = outlet(args[0])(**opts.spargs)
            if self.settings and self.settings.get("JOBDIR"):
                raise UsageError(
                    "JOBDIR keeps a crawl's queue in files, and loses it; the ledger does that: leave it out"
                )
            _check_settings(self.settings)
            with connect():
                pass
            if args[0] == "seed":
                _check_seed_site(spider.site)
        except Exception as error:  # noqa: BLE001 - the last resort: nobody is shown a traceback
            sys.exit(tell("scrapy crawl", error))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, and set `exitcode` to the error's, 0 where there was none."""
        process = self.crawler_process
        if process is None:
            raise RuntimeError("scrapy started `crawl` without a crawler process")
        crawler = process.create_crawler(NewsCrawler(outlet(args[0]), process.settings))
        crawler.signals.connect(self._warn_if_feeds_unused, signal=signals.engine_started)
        spider = outlet(args[0])
        watchdog = stopping.watch(crawler, args[0], spider.timeout.total_seconds(), lambda: _error_of(crawler))
        process.crawl(crawler, **opts.spargs)
        process.start()
        watchdog.leave()
        run = run_of(crawler)
        if run is None or process.bootstrap_failed:
            error: WartaError | None = WartaError(f"{args[0]}: the crawl did not start; see the log above")
        else:
            error = run.error
            if not run.has_ended:
                error = Stopped(f"{args[0]}: ended at once by a second signal; the next crawl takes its pages back")
        if error:
            _say(error)
            self.exitcode = error.exit_code
        else:
            watchdog.allow(stopping.CLOSE_S, WartaError(f"{args[0]}: done, but its process did not end"))


def _check_seed_site(site: str) -> None:
    """Raise OutletError where nobody serves the seed site, before its host is closed for failing."""
    parts = urlsplit(site)
    host = "127.0.0.1" if (parts.hostname or "").endswith(".localhost") else parts.hostname
    try:
        socket.create_connection((host, parts.port or 80), timeout=5).close()
    except ConnectionRefusedError:
        raise OutletError(
            f"the seed site does not run at {site}: `warta seed-site serve` serves it, as `warta up` does"
        ) from None
    except OSError:
        pass  # the crawl will say what is wrong with it


def _check_settings(settings: BaseSettings | None) -> None:
    """Raise UsageError for a setting of `-s` that has another type than its default, before Scrapy meets it."""
    if settings is None:
        return
    defaults = Settings()
    defaults.setmodule("scrapers.settings")
    for name, value in settings.items():
        if settings.getpriority(name) != SETTINGS_PRIORITIES["cmdline"]:
            continue
        default = defaults.get(name)
        if not isinstance(default, int | float):
            continue
        read = (
            settings.getbool
            if isinstance(default, bool)
            else settings.getint
            if isinstance(default, int)
            else settings.getfloat
        )
        try:
            read(name)
        except (ValueError, TypeError, OverflowError):
            kind = "true or false" if isinstance(default, bool) else "a number"
            raise UsageError(f"-s {name}={value}: give {kind}, such as {default}") from None
    if not isinstance(logging.getLevelName(str(settings.get("LOG_LEVEL")).upper()), int):
        raise UsageError(f"-s LOG_LEVEL={settings.get('LOG_LEVEL')}: give DEBUG, INFO, WARNING or ERROR")


class NewsCrawler(Crawler):
    """A crawler that tells its run to stop before it waits for what is under way."""

    async def stop_async(self) -> None:
        """Stop as Scrapy does."""
        if run := run_of(self):
            run.stopping.stop()
        await super().stop_async()


def _error_of(crawler: Crawler) -> WartaError | None:
    run = run_of(crawler)
    return run.error if run else None


def _say(error: WartaError) -> None:
    sys.stderr.write(f"scrapy crawl: {shortened(str(error), MOST_SAID)}\n")
