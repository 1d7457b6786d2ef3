"""The language that a text is written in: templates declare a wrong one on one page in forty, and on more none.

Told by CLD2, the language detector that Chromium had (https://github.com/CLD2Owners/cld2).
"""

from collections.abc import Sequence

import pycld2  # type: ignore[import-untyped]

from scrapers.extract.candidate import Candidate

ENOUGH = 200  # characters; a shorter text is taken for many languages
LOOK = 1000  # characters; more cost time and say the same
CERTAIN = 80  # per cent of the text; what has less is a list, filler, or a language that the detector lacks
SAME = {"nb": "no", "nn": "no", "in": "id", "iw": "he", "ji": "yi", "fil": "tl"}  # one language, or an old code of it
ALIKE = {"ms": "id", "bs": "hr", "sr": "hr"}  # too much alike for a page's own word to be doubted


def languages(declared: Sequence[Candidate[str]], paragraphs: Sequence[str]) -> list[Candidate[str]]:
    """Return the language of the text, as the page declares it where that is right, since it may name the country."""
    found = _language_of("\n".join(paragraphs[:20]))
    if found is None:
        return list(declared)
    right = [one for one in declared if _family(one.value) == _family(found.value)]
    return [*right, found, *(one for one in declared if one not in right)]


def base(code: str) -> str:
    """Return the language of a code such as `id-ID`, without the country."""
    language = code.strip().replace("_", "-").partition("-")[0].lower()
    return SAME.get(language, language)


def _family(code: str) -> str:
    return ALIKE.get(base(code), base(code))


def _language_of(text: str) -> Candidate[str] | None:
    """Return the ISO 639-1 code of a text's language; None where it is too short, or in no language for certain."""
    if len(text) < ENOUGH:
        return None
    try:
        is_reliable, _, [(_, code, share, _), *_] = pycld2.detect(text[:LOOK].encode(), isPlainText=True)
    except (pycld2.error, UnicodeEncodeError):  # it takes no control characters, and UTF-8 no surrogates
        return None
    return Candidate(code, "text:cld2") if is_reliable and share >= CERTAIN else None
