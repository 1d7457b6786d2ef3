"""What rules find: one thing that needs somebody, before it is kept as an alarm; and the tests of chance they share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import exp, lgamma, log
from typing import Any

Row = Mapping[str, Any]
CHANCE = 1e-4  # of so large a difference between the newest pages and those before, by which it is told


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found: the columns of an alarm that it knows. `began_at` is aware."""

    rule: str
    outlet: str | None
    summary: str
    began_at: datetime
    field: str | None = None
    subject: str | None = None
    sample_url: str | None = None


def has_fallen(late: int, of_late: int, early: int, of_early: int) -> bool:
    """Return whether a share has fallen to less than half, and by more than chance explains.

    `late` of `of_late` pages against `early` of `of_early` before. The chance is that of a beta-binomial: the earlier
    share is known from so many pages only.
    """
    if not of_late or not of_early or late / of_late >= early / of_early / 2:
        return False
    return beta_binomial_cdf(late, of_late, early + 1, of_early - early + 1) < CHANCE


def has_risen(late: int, of_late: int, early: int, of_early: int) -> bool:
    """Return whether a share has more than doubled, and by more than chance explains; see has_fallen."""
    if not of_late or not of_early or late / of_late <= 2 * early / of_early:
        return False
    return beta_binomial_cdf(of_late - late, of_late, of_early - early + 1, early + 1) < CHANCE


def beta_binomial_cdf(found: int, of: int, successes: float, failures: float) -> float:
    """Return the probability of `found` or fewer of `of`, where the share itself follows Beta(successes, failures)."""
    before = _log_beta(successes, failures)
    return sum(exp(_log_choose(of, n) + _log_beta(n + successes, of - n + failures) - before) for n in range(found + 1))


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _log_choose(of: int, n: int) -> float:
    return -log(of + 1) - _log_beta(of - n + 1, n + 1)


def percent(part: int, whole: int) -> str:
    """Return a share as a percentage, such as 97 %."""
    return f"{100 * part / whole:.0f} %" if whole else "none"
