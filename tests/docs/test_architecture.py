"""docs/explanation/architecture.md tells the order of imports that import-linter holds."""

import re
import tomllib

from scrapers.config import ROOT


def test_order_of_imports_is_the_one_that_is_checked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    [contract] = [one for one in project["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]
    page = (ROOT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
    [section] = re.findall(r"## The order of imports\n(.*?)\n## ", page, re.DOTALL)

    told = re.findall(r"^    (.+)$", section, re.MULTILINE)

    assert ["__main__", *told] == [layer.replace("scrapers.", "") for layer in contract["layers"]]
