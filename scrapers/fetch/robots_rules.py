"""What a robots.txt says (RFC 9309): of us, by our product token and no other, and of AI crawlers."""

import re

from protego import Protego

MAX_BYTES = 500 * 1024  # RFC 9309, 2.5: at least this much must be read
NOBODY = "nobody"  # stands for product tokens that are of no interest
GROUP = re.compile(r"^[ \t]*user-?[ \t]?agent[ \t]*:[ \t]*([^#\r\n]*)", re.IGNORECASE)
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
        text = _whole_lines(body).decode("utf-8", "replace").lstrip("\ufeff")
        lines = re.split(r"\r\n|\r|\n", text)
        named = {_token(found[1]) for line in lines if (found := GROUP.match(line))}
        self._ai_crawlers = [name for name in AI_CRAWLERS if name in named]
        known = {self.token, *self._ai_crawlers}
        self._rules = Protego.parse("\n".join(_only(known, line) for line in lines))

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


def _only(known: set[str], line: str) -> str:
    """Return the line; if it begins a group of others, with a name that none of ours can be taken for.

    Protego takes `User-agent: war` for a group of warta's, because it matches the beginnings of names.
    """
    found = GROUP.match(line)
    if not found:
        return line
    name = _token(found[1])
    return f"User-agent: {name if name in known or name == '*' else NOBODY}"


def _whole_lines(body: bytes) -> bytes:
    """Return the part that is read; half a line could forbid more, or less, than the whole."""
    if len(body) < MAX_BYTES:
        return body
    return body[:MAX_BYTES].rpartition(b"\n")[0]
