"""`scrapy shell URL`: Scrapy's own, which says where no answer came, and why."""

import argparse
from typing import Any

from scrapy.commands import shell

from scrapers.commands.refused import say_refused
from scrapers.fetch.refusals import Refused


class Command(shell.Command):
    """Open a console on a page; with -c the exit code is not 0 where no answer came."""

    def update_vars(self, vars: dict[str, Any]) -> None:
        """Say why there is no answer, before the console opens and after each `fetch()` in it."""
        request = vars.get("request")
        if request and not vars.get("response"):
            self.exitcode = say_refused("shell", request.url)
        Refused.latest = None

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Open the console; one that was used by hand has not failed."""
        super().run(args, opts)
        if not opts.code:
            self.exitcode = 0
