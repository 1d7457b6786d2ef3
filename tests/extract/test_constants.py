"""Choosing a constant anew on other domains than those it is scored on."""

from benchmarks.extract_constants import PARTS, choose, constants, values_around
from scrapers.extract.body import density

DOMAINS = [f"kabar{i}.example" for i in range(PARTS * 2)]


def test_value_that_suits_one_domain_alone_is_never_scored_there():
    as_it_stands = [0.9] * len(DOMAINS)
    fitted = [1.9, *[0.85] * (len(DOMAINS) - 1)]

    chosen, mean = choose(DOMAINS, {50: as_it_stands, 100: fitted}, 50, deal=0)

    assert chosen == {100: PARTS - 1, 50: 1}
    assert mean < sum(as_it_stands) / len(DOMAINS)


def test_value_stays_where_no_other_is_better():
    chosen, mean = choose(DOMAINS, {100: [0.9] * len(DOMAINS), 50: [0.9] * len(DOMAINS)}, 50, deal=0)

    assert (chosen, round(mean, 6)) == ({50: PARTS}, 0.9)


def test_share_stays_a_share():
    assert values_around(0.5) == [0.25, 0.75]
    assert values_around(1) == [1, 2]


def test_constants_of_the_body_s_rules_are_tried():
    assert (density, "MIN_BODY_WEIGHT") in list(constants())
