"""`scrapy fetch URL`: Scrapy's own, which says where no answer came, and why."""

import argparse
from typing import Any

from scrapy.commands import fetch

from scrapers.commands.refused import say_refused
from scrapers.urls import with_scheme


class Command(fetch.Command):
    """Print the answer; the exit code is not 0 where there is none."""

    has_answer = False

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Fetch the address; one without a scheme is read as https."""
        super().run([with_scheme(url) for url in args], opts)
        if not self.has_answer:
            self.exitcode = say_refused("fetch", args[0])

    def _print_response(self, response: Any, opts: argparse.Namespace) -> None:
        self.has_answer = True
        super()._print_response(response, opts)
