import re

from scrapers.config import ROOT
from scrapers.monitor.rules import RULES

TEXT = (ROOT / "docs" / "how-to" / "operate.md").read_text("utf-8")


def test_each_rule_of_alarms_has_an_entry_in_the_runbook_and_the_other_way_round():
    assert set(re.findall(r"^## ([a-z_]+)$", TEXT, re.MULTILINE)) == RULES.keys()
