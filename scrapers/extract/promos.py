"""Lines that stand among an article's and are not of it: labels of advertisements, pointers to other articles."""

import re

# What leads to another article, in the languages of the sites seen; the title that it leads to may follow.
POINTER = re.compile(
    r"(?:baca juga|baca selengkapnya|lihat juga ?:|simak juga ?:|follow (?:berita )?inews).{0,250}", re.IGNORECASE
)
LABEL = re.compile(
    r"[>»*•\s]{0,5}(?:"
    r"advertisement(?: ?\. scroll .{0,40})?|advertising|anzeige|werbung|publicité|publicidad|pubblicità|iklan"
    r"|reklam[ea]?"
    r"|scroll to continue with content|scroll ke bawah untuk .{3,30}"
    r"|(?:article|story|continue reading|text) continues? (?:below|after) (?:this |the )?(?:ads?|advertisement)"
    r"|continue reading(?: below)?|this advertisement has not loaded yet.{0,60}|skip past newsletter promotion"
    r"|read (?:also|more|next)|also read|see also|don.t miss|more on this (?:story|topic)|you (?:may|might) also like"
    r"|related(?: (?:articles?|content|posts?|stories|topics|news|coverage))?|recommended(?: stories)?"
    r"|lesen sie auch|auch interessant|mehr zum thema|das könnte sie auch interessieren"
    r"|lire aussi|à lire aussi|sur le même sujet|lee también|te puede interesar|leggi anche|leia (?:também|mais)"
    r"|lees ook|läs också|les også|læs også|czytaj (?:także|też)|читайте также|читайте також"
    r")\s?[.:…]{0,3}",
    re.IGNORECASE,
)
LONGEST_LABEL = 100


def is_promo(line: str) -> bool:
    """Return whether the line advertises another article or channel, or is the label of an advertisement."""
    return bool(POINTER.fullmatch(line) or (len(line) <= LONGEST_LABEL and LABEL.fullmatch(line)))
