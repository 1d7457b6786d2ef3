"""Crawls that start at once: each is forked from a process that has imported everything and done nothing yet.

A crawl of its own process spends seconds on imports before its first request. What differs here beside that: pages are
read in a thread of the crawl, since a process for that would have to import as much.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from scrapers.config import ROOT

ZYGOTE = """
import asyncio, ctypes, json, os, signal, sys
import scrapy.cmdline, scrapy.crawler, scrapy.core.engine, scrapy.extensions.memusage, scrapy.extensions.logstats
import scrapers.commands.crawl, scrapers.fetch.handler, scrapers.pipelines, scrapers.spiders
from scrapers.extract import process_pool
from scrapers.parent import die_with_parent

class Here:
    def __init__(self, processes):
        self.close = lambda: None

    async def read(self, page, rules):
        return await asyncio.to_thread(process_pool.read_page, page, rules)

import scrapers.crawl.run
scrapers.crawl.run.ProcessPool = Here
scrapers.spiders.outlets()
me = os.getpid()
die_with_parent(int(sys.argv[1]))
print("ready", flush=True)
for line in sys.stdin:
    order = json.loads(line)
    pid = os.fork()
    if pid == 0:
        os.setpgrp()
        die_with_parent(me)
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for number in (1, 2):
            os.dup2(log, number)
        os.environ.update(order["environment"])
        scrapy.cmdline.execute(["scrapy", "crawl", *order["arguments"]])
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class ForkedCrawl:
    """A crawl under way, or ended."""

    def __init__(self, parent: "ForkedCrawls", log: Path) -> None:
        self.pid = int(parent.line())
        self.log = log
        self._parent = parent
        self._code: int | None = None

    def is_running(self) -> bool:
        """Tell whether it has not ended; nobody but the zygote can wait for it."""
        try:
            return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    def kill(self) -> int:
        """End it at once, wherever it is, and return how it ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        return self.wait()

    def wait(self) -> int:
        """Return its exit code, or the negative of the signal that ended it."""
        if self._code is None:
            self._code = int(self._parent.line())
        return self._code


class ForkedCrawls:
    """Starts crawls, one at a time, for as long as the `with` block lasts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        self._zygote = subprocess.Popen(
            [sys.executable, "-c", ZYGOTE, str(os.getpid())],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.line() == "ready"
        return self

    def __exit__(self, *_: object) -> None:
        self._zygote.kill()
        self._zygote.communicate()

    def line(self) -> str:
        """Return the zygote's next word."""
        assert self._zygote.stdout
        return self._zygote.stdout.readline().strip()

    def start(self, *arguments: str, environment: Mapping[str, str]) -> ForkedCrawl:
        """Start `scrapy crawl …`; its output goes to a file of the folder."""
        log = self.folder / f"crawl {time.monotonic_ns()}.log"
        order = {"arguments": arguments, "environment": dict(environment), "log": str(log)}
        assert self._zygote.stdin
        self._zygote.stdin.write(json.dumps(order) + "\n")
        self._zygote.stdin.flush()
        return ForkedCrawl(self, log)
