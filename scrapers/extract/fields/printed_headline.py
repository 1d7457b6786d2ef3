"""The heading that readers see as the headline: an outlet's selector, else the h1 most like the declared headlines."""

import re
from collections.abc import Sequence
from itertools import islice
from typing import cast
from urllib.parse import urljoin

from lxml import etree

from scrapers.extract.candidate import Candidate
from scrapers.extract.dom.links import absolute
from scrapers.extract.fields.headline_parts import MIN_HEADLINE_LENGTH, is_site_name
from scrapers.extract.parsed_page import ParsedPage
from scrapers.extract.text.clean import clean, display_length, words_of

H1_RULE = "css:h1"
MIN_LIKENESS = 0.2  # share of words that an h1 has in common with a declared headline; a logo has none
# Where an element ends and the next begins without a space, as between a kicker and the headline.
GLUED = re.compile(r"(?<=[^\W\d_A-Z]|[.:!?»”\"])\x1f+(?=[^\W\d_a-z]|[„“«\"'])")
TITLE_CLASSES = {"title", "post-title", "entry-title", "article-title", "headline"}
TITLE_SEPARATOR = re.compile(r"\s+[-–—|·•»«/]+\s+|[|｜_]")
MAX_LINKS, MAX_TITLED_ELEMENTS, MAX_HEADINGS = 40, 9, 40  # that are examined


def find_printed_headline(parsed: ParsedPage, declared: Sequence[Candidate[str]]) -> list[Candidate[str]]:
    """Return the printed headline as a list of one; empty where no heading is likely to be it.

    `declared` are the headlines that the page's other layers declare.
    """
    if selected := parsed.selected_text("headline"):
        return [selected]
    texts = [text for heading in parsed.elements_by_tag["h1"] if (text := _text(heading))]
    texts = [text for text in texts if not is_site_name(text, parsed) and not _ends_title(text, parsed)]
    if (similar := _most_similar(texts, declared)) is not None:
        return [Candidate(similar, H1_RULE)]
    if lower := _lower_heading(parsed, declared):
        return [lower]
    if not texts and all(_is_home_link_text(candidate.value, parsed) for candidate in declared):
        return _in_titled_element(parsed)
    longest = max(texts, key=len, default="")
    is_likely = len(longest) >= MIN_HEADLINE_LENGTH or (texts and not declared)
    return [Candidate(longest, H1_RULE)] if is_likely else []


def _most_similar(texts: Sequence[str], declared: Sequence[Candidate[str]]) -> str | None:
    """Return the text most like the declared headlines; None where none is like one."""
    # Not like title, if there are others: it names the section as well, as some h1 do.
    headlines = [candidate.value for candidate in declared if candidate.rule != "title"]
    headlines = headlines or [candidate.value for candidate in declared]
    likeness = {text: max((_likeness(text, headline) for headline in headlines), default=1.0) for text in texts}
    similar = max(texts, key=lambda text: likeness[text], default="")
    return similar if likeness.get(similar, 0) >= MIN_LIKENESS else None


def _lower_heading(parsed: ParsedPage, declared: Sequence[Candidate[str]]) -> Candidate[str] | None:
    """Return the first h2 or h3 whose words occur in a declared headline."""
    headlines = [f" {words_of(candidate.value)} " for candidate in declared]
    for heading in parsed.root.iter("h2", "h3"):
        text = _text(heading)
        if display_length(text) >= MIN_HEADLINE_LENGTH and any(
            f" {words_of(text)} " in headline for headline in headlines
        ):
            return Candidate(text, f"css:{heading.tag}")
    return None


def _ends_title(text: str, parsed: ParsedPage) -> bool:
    """Return whether the text ends the page's title, and a lower heading begins it: the text names the site."""
    parts = [words_of(part) for part in TITLE_SEPARATOR.split(parsed.title)]
    if len(parts) < 2 or parts[-1] != words_of(text):
        return False
    return any(words_of(_text(heading)) == parts[0] for heading in islice(parsed.root.iter("h2", "h3"), MAX_HEADINGS))


def _is_home_link_text(text: str, parsed: ParsedPage) -> bool:
    """Return whether the text is that of the page's link to the home page."""
    home = urljoin(parsed.page.url, "/")
    links = islice(parsed.root.iter("a"), MAX_LINKS)
    targets = [absolute(link.get("href") or "", parsed.base_url) for link in links if _text(link) == text]
    return any(target and parsed.page.url.startswith(target) and target.startswith(home) for target in targets)


def _in_titled_element(parsed: ParsedPage) -> list[Candidate[str]]:
    """Return the text of the first element with a title's class, where the page declares only the site's name."""
    elements = parsed.root.iter("p", "div", "span")
    titled = (element for element in elements if TITLE_CLASSES & set((element.get("class") or "").split()))
    texts = (_text(element) for element in islice(titled, MAX_TITLED_ELEMENTS) if not parsed.is_aside(element))
    return [Candidate(text, "css:.title") for text in texts if text and not _is_home_link_text(text, parsed)][:1]


def _text(heading: etree._Element) -> str:
    """Return the heading's text, with a space between elements that only their style separates."""
    if not len(heading):
        return clean(heading.text or "")
    return clean(GLUED.sub(" ", "\x1f".join(cast("Sequence[str]", list(heading.itertext())))).replace("\x1f", ""))


def _likeness(text: str, other_text: str) -> float:
    """Return the Jaccard similarity of the texts' words, or of their characters where neither has spaces."""
    a, b = words_of(text), words_of(other_text)
    words, other_words = (set(a), set(b)) if " " not in a + b else (set(a.split()), set(b.split()))
    return len(words & other_words) / max(1, len(words | other_words))
