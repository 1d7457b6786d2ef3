"""What `judge` tells of counts by hour; the replay of simulated outlets is in test_volume_replay.py."""

import numpy as np
import pytest

from scrapers.monitor.volume import HOURS, judge


def judged(usual, came):
    """Return the rule broken by an outlet whose last day brought `came` articles where `usual` come, or None."""
    random = np.random.default_rng(11)
    counts = random.poisson(usual / 24, (5, HOURS)).astype(float)
    counts[0, :24] = 0
    np.add.at(counts[0], np.linspace(0, 23, came).round().astype(int), 1)
    [found, *_] = judge(counts, np.full(5, 0.5))
    return found and found[0]


@pytest.mark.parametrize(
    ("usual", "came", "rule"),
    [
        (60, 33, "fewer_articles"),  # such a day comes by chance once in some thousand
        (60, 37, None),  # and such a one now and then
        (30, 10, None),  # where few are usual, so few come more often than reckoned
        (30, 3, "fewer_articles"),
        (240, 140, None),  # .58 is not called less, however rare
    ],
)
def test_fewer_articles_are_told_where_chance_does_not_explain_them(usual, came, rule):
    assert judged(usual, came) == rule
