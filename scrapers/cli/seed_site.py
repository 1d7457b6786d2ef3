"""`warta seed-site`: the seed site by itself."""

import typer

from scrapers.cli.options import AsJson
from scrapers.terminal import say, say_or_json

group = typer.Typer(help="The seed site, which `warta up` serves too.", no_args_is_help=True)


@group.command()
def serve() -> None:
    """Serve the seed site here until Ctrl-C, for crawls without `warta up`."""
    from scrapers import config
    from scrapers.local.ports import free_port
    from scrapers.local.seed_site import serve
    from scrapers.local.up import SEED_SITE, processes
    from scrapers.storage.files import write_private

    if record := processes.find(SEED_SITE):
        say(f"the seed site is served already: {record.address}/")
        return
    port = free_port(config.SEED_SITE_PORT_FILE, config.SEED_SITE_PORT)
    write_private(config.SEED_SITE_PORT_FILE, str(port))
    serve(port, config.SEED_SITE_EDITION_FILE)


@group.command()
def edit(as_json: AsJson = False) -> None:
    """Publish the seed site's second edition: one article is corrected. The next crawl adds one revision."""
    _set_edition(2, as_json=as_json)


@group.command()
def reset(as_json: AsJson = False) -> None:
    """Go back to the seed site's first edition."""
    _set_edition(1, as_json=as_json)


def _set_edition(edition: int, *, as_json: bool) -> None:
    from scrapers.config import SEED_SITE_EDITION_FILE

    SEED_SITE_EDITION_FILE.parent.mkdir(parents=True, exist_ok=True)
    SEED_SITE_EDITION_FILE.write_text(f"{edition}\n")
    say_or_json(f"the seed site serves edition {edition}", {"edition": edition}, as_json=as_json)
