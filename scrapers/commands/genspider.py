"""`scrapy genspider NAME DOMAIN`: Scrapy's own, which writes an outlet (`-t news` is the one template)."""

import argparse
import re
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.commands import genspider

from scrapers.config import ROOT
from scrapers.errors import UsageError, WartaError
from scrapers.settings import BOT_NAME
from scrapers.spiders import outlet
from scrapers.spiders.arguments import read_site

PAGES = ROOT / "tests" / "fixtures" / "pages"


class Command(genspider.Command):
    """Write an outlet's module and make the folder of its saved pages; exit codes are those of scrapers/errors.py."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add Scrapy's options; the template is `news` unless another is asked for."""
        super().add_options(parser)
        parser.set_defaults(template="news")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the module, or list the templates; say in one line why it can't be written."""
        try:
            if len(args) == 2:
                check_name(args[0], overwrite=opts.force)
                args = [args[0], read_site(args[1])]
            super().run(args, opts)
        except WartaError as error:
            sys.stderr.write(f"scrapy genspider: {error}\n")
            self.exitcode = error.exit_code

    def _generate_template_variables(self, module: str, name: str, url: str, template_name: str) -> dict[str, Any]:
        site = read_site(url)
        host = (urlsplit(site).hostname or "").removeprefix("www.")
        variables = super()._generate_template_variables(module, name, url, template_name)
        return {**variables, "site": site, "host": host, "publisher": host, "allowed_networks": own_network(host)}

    def _genspider(self, *args: Any, **kwargs: Any) -> Path:
        written = super()._genspider(*args, **kwargs)
        name = written.stem
        pages = PAGES / name
        pages.mkdir(parents=True, exist_ok=True)
        page = pages.relative_to(ROOT) / "SLUG.html"
        sys.stdout.write(
            f"Try it:            scrapy crawl {name} -a limit=5\n"
            f"Save a page of it: scrapy fetch --nolog URL > {page}\n"
            f"See what is found: warta outlet check {name} {page}\n"
            f"Keep it as a test: warta outlet check {name} {page} --write\n"
        )
        return written


def own_network(host: str) -> str:
    """Return `allowed_networks` of a host, in Python: its own address where that is not public."""
    try:
        address = ip_address("127.0.0.1" if f".{host}".endswith(".localhost") else host)
    except ValueError:
        return "()"
    return "()" if address.is_global else f'("{address}/{address.max_prefixlen}",)'


def check_name(name: str, *, overwrite: bool = False) -> None:
    """Raise UsageError where no outlet can have the name: it is a module, a folder and part of a Dag's id."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise UsageError(f"{name!r} is no name for an outlet: small letters, digits and _ only, such as example_post")
    if name == BOT_NAME:
        raise UsageError(f"{name!r} is the project's own name")
    try:
        known = outlet(name)
    except UsageError:
        return
    if not overwrite or name == "news":
        raise UsageError(f"there is an outlet {name!r} already, in {known.__module__}")
