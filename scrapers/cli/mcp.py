"""`warta mcp`: assistants and notebooks reach the corpus."""

from typing import Annotated

import typer


def mcp(
    http: Annotated[bool, typer.Option("--http", help="Serve http://HOST:PORT/mcp, for bearers of a token.")] = False,
    host: Annotated[str, typer.Option(help="Where it listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port it listens at.")] = 8970,
) -> None:
    """Serve the Model Context Protocol: search, articles, their edits and copies; it writes nothing.

    Without --http it talks through standard input and output to the program that has started it.
    """
    from scrapers.api import mcp_server
    from scrapers.storage.connection import connect

    with connect():  # a database that is away is told now, and not to the assistant
        pass
    if not http:
        mcp_server.build().run("stdio")
        return
    import uvicorn

    uvicorn.run(mcp_server.http_app(host), host=host, port=port, log_level="warning")
