"""The labels of the pages: all are there in Indonesian, and fit where the English ones do."""

import re

from babel.messages.extract import extract_from_dir

from scrapers.config import ROOT
from scrapers.ui.rendering import labels

TEMPLATES = ROOT / "scrapers" / "ui" / "templates"


def test_every_label_of_the_templates_is_there_in_indonesian_and_no_other():
    found = extract_from_dir(TEMPLATES, method_map=[("**.html", "jinja2.ext:babel_extract")])

    assert {str(message) for _, _, message, *_ in found} == set(labels("id"))


def test_indonesian_labels_have_the_values_of_the_english_ones():
    values = re.compile(r"%\(\w+\)s|%%|%")

    assert [
        english
        for english, indonesian in labels("id").items()
        if sorted(values.findall(english)) != sorted(values.findall(indonesian))
    ] == []


def test_templates_hold_no_text_outside_of_labels():
    words = []
    for file in TEMPLATES.glob("*.html"):
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", "\n", file.read_text(), flags=re.DOTALL)
        words += [(file.name, line.strip()) for line in text.splitlines() if re.search(r"[A-Za-z]{3,}", line)]

    names = {"headline", "article_body", "robots.txt", "– Warta"}
    assert [(name, word) for name, word in words if word not in names] == []
