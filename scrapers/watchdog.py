"""A process that ends in time, whatever hangs in it."""

import os
import sys
import threading

from scrapers.errors import WartaError


class Watchdog:
    """Ends the process, without any further step, where it still runs when its time is over."""

    def __init__(self) -> None:
        self._timer: threading.Timer | None = None

    def allow(self, seconds: float, error: WartaError) -> None:
        """Give the process so many seconds from now; then it ends with the error's line and exit code."""
        self.rest()
        self._timer = threading.Timer(seconds, _end, (error,))
        self._timer.daemon = True
        self._timer.start()

    def rest(self) -> None:
        """Let the process run as long as it likes."""
        if self._timer:
            self._timer.cancel()


def _end(error: WartaError) -> None:
    os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, f"scrapy crawl: {error}\n".encode())
    os._exit(error.exit_code)
