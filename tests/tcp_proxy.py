"""A TCP proxy on 127.0.0.1 between psycopg and Postgres that cuts, stalls or goes silent when it is told to."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

Watch = Callable[[bytes], bool]


class TcpProxy:
    """The proxy on a thread, for as long as the `with` block lasts.

    `cut_before` and `cut_after` tell, of what the client sends, at which bytes the connection is cut: before they
    reach the server, or once the server has answered them, with its answer kept back. Each is used up by that.
    `stall()` keeps back everything from now on, both ways, until `go_on()`; `go_silent()` closes the client's side
    alone, so that the server believes in a client that is gone. `refuse` closes whoever comes anew.
    """

    def __init__(self, port: int) -> None:
        self.server_port = port
        self.port = 0
        self.cut_before: Watch | None = None
        self.cut_after: Watch | None = None
        self.cuts = 0
        self.refuse = False
        self.connections = 0
        self._loop = asyncio.new_event_loop()
        self._flows = asyncio.Event()
        self._clients: list[asyncio.StreamWriter] = []
        self._held: list[asyncio.StreamWriter] = []
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def stall(self) -> None:
        """Keep back all bytes; the connections stay."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def go_on(self) -> None:
        """Let the bytes flow again."""
        self._loop.call_soon_threadsafe(self._flows.set)

    def go_silent(self) -> None:
        """Close the clients' sides; the server's stay open, and hear nothing of it."""
        self._loop.call_soon_threadsafe(lambda: [client.transport.abort() for client in self._clients])

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._flows.set()
        server = self._loop.run_until_complete(asyncio.start_server(self._connect, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()
        for writer in (*self._clients, *self._held):
            writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.refuse:
            client.transport.abort()
            return
        answers, server = await asyncio.open_connection("127.0.0.1", self.server_port)
        self._clients.append(client)
        self._held.append(server)
        link = _Link(self, client, server)
        await asyncio.gather(link.up(reader), link.down(answers))


class _Link:
    """One connection through the proxy."""

    def __init__(self, proxy: TcpProxy, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.proxy, self.client, self.server = proxy, client, server
        self.is_doomed = False  # the next answer is kept back, and the connection cut

    def cut(self) -> None:
        self.proxy.cuts += 1
        self.client.transport.abort()
        self.server.transport.abort()

    async def up(self, reader: asyncio.StreamReader) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                await self.proxy._flows.wait()
                if self.proxy.cut_before and self.proxy.cut_before(data):
                    self.proxy.cut_before = None
                    return self.cut()
                if self.proxy.cut_after and self.proxy.cut_after(data):
                    self.proxy.cut_after, self.is_doomed = None, True
                self.server.write(data)
                await self.server.drain()
        # a client that is gone is not told to the server: it may be half-open
        return None

    async def down(self, answers: asyncio.StreamReader) -> None:
        with suppress(ConnectionError):
            while data := await answers.read(65536):
                await self.proxy._flows.wait()
                if self.is_doomed:
                    return self.cut()
                self.client.write(data)
                await self.client.drain()
            self.client.close()
        return None
