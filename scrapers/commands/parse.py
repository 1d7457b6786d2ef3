"""`scrapy parse URL`: Scrapy's own, which says where no answer came, and why."""

import argparse

from scrapy.commands import parse

from scrapers.commands.refused import say_refused
from scrapers.urls import with_scheme


class Command(parse.Command):
    """Print what the outlet's spider reads of a page; the exit code is not 0 where no answer came."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Parse the page at the address; one without a scheme is read as https."""
        super().run([with_scheme(url) for url in args], opts)
        if not self.spidercls:
            self.exitcode = say_refused("parse", args[0], "it is of no outlet: name one with --spider")
        elif not self.first_response:
            self.exitcode = say_refused("parse", args[0])
