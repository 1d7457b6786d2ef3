"""The language of the article's text, since templates often declare a wrong one or none.

Detected by CLD2, Chromium's former language detector (https://github.com/CLD2Owners/cld2).
"""

from collections.abc import Sequence

import pycld2  # type: ignore[import-untyped]

from scrapers.extract.candidate import Candidate

MIN_TEXT_LENGTH = 200  # characters; shorter texts are often misjudged
MAX_TEXT_LENGTH = 1000  # characters; more don't change the result
MAX_PARAGRAPHS = 20  # at the start of the body that are read
MIN_SHARE = 80  # per cent of the text; less means a list, filler, or a language unknown to CLD2
SAME_LANGUAGE = {
    "nb": "no",
    "nn": "no",
    "in": "id",
    "iw": "he",
    "ji": "yi",
    "fil": "tl",
}  # other codes of the same language
SIMILAR_LANGUAGE = {"ms": "id", "bs": "hr", "sr": "hr"}  # languages that CLD2 confuses; the declaration is trusted


def rank_languages(declared: Sequence[Candidate[str]], paragraphs: Sequence[str]) -> list[Candidate[str]]:
    """Return the declared languages and the one detected in the text, best first.

    A declared language that agrees with the text stays first, since it may name the country as well.
    """
    detected = _detect("\n".join(paragraphs[:MAX_PARAGRAPHS]))
    if detected is None:
        return list(declared)
    agreeing = [candidate for candidate in declared if _family(candidate.value) == _family(detected.value)]
    return [*agreeing, detected, *(candidate for candidate in declared if candidate not in agreeing)]


def base_language(code: str) -> str:
    """Return the language of a code such as `id-ID`, without the country."""
    language = code.strip().replace("_", "-").partition("-")[0].lower()
    return SAME_LANGUAGE.get(language, language)


def _family(code: str) -> str:
    return SIMILAR_LANGUAGE.get(base_language(code), base_language(code))


def _detect(text: str) -> Candidate[str] | None:
    """Return the ISO 639-1 code of a text's language; None where it is too short or the result not reliable."""
    if len(text) < MIN_TEXT_LENGTH:
        return None
    try:
        is_reliable, _, [(_, code, share, _), *_] = pycld2.detect(text[:MAX_TEXT_LENGTH].encode(), isPlainText=True)
    except (pycld2.error, UnicodeEncodeError):  # CLD2 rejects control characters, UTF-8 surrogates
        return None
    return Candidate(code, "text:cld2") if is_reliable and share >= MIN_SHARE else None
