"""What `scrapy fetch`, `parse` and `shell` add to Scrapy's own: where no answer came, one line says why.

Scrapy drops a request that a middleware refuses without a word.
"""

import sys

from scrapers.errors import Forbidden, OutletError
from scrapers.fetch.refusals import Refused, RobotsForbids


def say_refused(command: str, url: str, otherwise: str = "no answer came; without --nolog the log says why") -> int:
    """Write why `url` got no answer, by the last refusal or else `otherwise`; return the exit code."""
    refusal = Refused.latest
    why = refusal.reason if refusal else otherwise
    if isinstance(refusal, RobotsForbids):
        why = "its robots.txt forbids it"
    sys.stderr.write(f"scrapy {command}: {url}: {why}\n")
    return Forbidden.exit_code if isinstance(refusal, RobotsForbids) else OutletError.exit_code
