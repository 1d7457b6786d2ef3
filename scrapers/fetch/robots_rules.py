"""What a robots.txt says (RFC 9309): of us, by our product token and no other, and of AI crawlers."""

import re
from collections.abc import Container, Iterable

from protego import Protego

from scrapers.discovery.robots_txt import records

MAX_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much must be read
RULES = ("allow", "disallow")
LINES = {"allow": "Allow", "disallow": "Disallow", "crawl_delay": "Crawl-delay", "request_rate": "Request-rate"}
TOKEN = re.compile(r"[a-z_-]+")  # RFC 9309, 2.2.1; what follows it, such as a version, is no part of it

# Product tokens by which outlets address the collection of texts for AI; from the operators' own pages.
AI_CRAWLERS = (
    *("ai2bot", "amazonbot", "anthropic-ai", "applebot-extended", "bytespider", "ccbot", "claude-web", "claudebot"),
    *("cohere-ai", "cohere-training-data-crawler", "diffbot", "facebookbot", "google-extended", "gptbot"),
    *("meta-externalagent", "omgili", "omgilibot", "perplexitybot", "timpibot", "youbot"),
)


class RobotsRules:
    """The rules of one robots.txt for the product token `token`."""

    def __init__(self, body: bytes, token: str) -> None:
        self.token = token.lower()
        found = [
            (name, _token(value) if name == "user_agent" else value) for name, value in records(body, limit=MAX_BYTES)
        ]
        named = {value for name, value in found if name == "user_agent"}
        self._ai_crawlers = [name for name in AI_CRAWLERS if name in named]
        self._rules = Protego.parse(_rules(found, {"*", self.token, *self._ai_crawlers}))

    def allows(self, url: str) -> bool:
        """Return whether we may ask for the address."""
        return self._rules.can_fetch(url, self.token)

    def forbids_ai(self, url: str) -> bool:
        """Return whether the address is forbidden to a crawler that collects for AI, and is named as such."""
        return any(not self._rules.can_fetch(url, name) for name in self._ai_crawlers)

    @property
    def crawl_delay_s(self) -> float:
        """Return the seconds that shall pass between requests; 0 where nothing is said."""
        rate = self._rules.request_rate(self.token)
        return max(self._rules.crawl_delay(self.token) or 0.0, rate.seconds / rate.requests if rate else 0.0)


def _token(value: str) -> str:
    """Return the product token of a `User-agent` line: `*`, or a name in lower case; empty where there is none."""
    value = value.strip().lower()
    found = TOKEN.match(value)
    return "*" if value == "*" else found[0] if found else ""


def _rules(found: Iterable[tuple[str, str]], known: Container[str]) -> str:
    """Return the rules as Protego reads them: for each name one group, and none for a name that is not ours.

    It takes `User-agent: war` for a group of warta's, because it matches the beginnings of names. And any record ends
    the names of a group, where RFC 9309, 2.2.4, lets other records not interfere: only a rule does. A delay is of the
    names before it.
    """
    said: dict[str, list[str]] = {}
    names: set[str] = set()
    has_rules = False
    for record, value in found:
        if record == "user_agent":
            names = set() if has_rules else names
            has_rules = False
            if value in known:
                names.add(value)
                said.setdefault(value, [])
        elif record in LINES:
            has_rules = has_rules or record in RULES
            for name in names:
                said[name].append(f"{LINES[record]}: {value}")
    return "\n".join(line for name, lines in said.items() for line in (f"User-agent: {name}", *lines))
