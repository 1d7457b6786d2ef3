"""docs/reference/api.md: each example is asked, and the answer has the fields and kinds of values that it shows."""

import json
import re

import pytest

from scrapers.config import ROOT
from tests.api.conftest import airflow, arrive, client, token

__all__ = ["airflow", "arrive", "client", "token"]

PAGE = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^`GET /warta(\S+)`\n\n```json\n(.+?)```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def corpus(arrive, database):
    """Store an article with an edit and a copy."""
    first = arrive("Kapal ditahan", "Warga membangun jembatan.", url="https://www.example.test/a")
    arrive("Kapal dilepas", "Warga membangun jembatan baru.", url="https://www.example.test/a")
    copy = arrive("Kapal ditahan", "Warga membangun jembatan.")
    database.execute("INSERT INTO clusters VALUES (%s, %s), (%s, %s)", [first, first, copy, first])


def shape(value):
    """Return what a program can rely on: the names of fields, all the way down, of the first of a list."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items() if name not in ("fields", "provenance")}
    return [shape(value[0])] if isinstance(value, list) and value and isinstance(value[0], dict) else None


def test_each_address_has_an_example_and_stands_in_the_table(client):
    asked = {re.sub(r"/\d+", "/{article_id}", path.partition("?")[0].removeprefix("/api")) for path, _ in EXAMPLES}
    told = {f"/v1{path}" for path in re.findall(r"^\| `(/\S+)`", PAGE, re.MULTILINE)}
    document = client.get("/api/v1/openapi.json").json()

    assert asked == set(document["paths"])
    assert told == asked | {"/v1/openapi.json"}
    for path, operation in document["paths"].items():
        [row] = re.findall(rf"^\| `{re.escape(path.removeprefix('/v1'))}` \| (.*?) \|", PAGE, re.MULTILINE)
        parameters = [one["name"] for one in operation["get"].get("parameters", []) if one["in"] == "query"]
        assert re.findall(r"`(\w+)`", row) == parameters, path


@pytest.mark.parametrize(("path", "shown"), EXAMPLES, ids=[path for path, _ in EXAMPLES])
def test_answer_has_the_form_of_the_example(client, corpus, path, shown):
    answer = client.get(path)

    assert answer.status_code == 200, answer.text
    assert shape(answer.json()) == shape(json.loads(shown))
