"""Rules on what pages give: fields, lengths, dates, pages that give nothing, copies and edits."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby

import psycopg

from scrapers.monitor.findings import Finding, Row, has_fallen, has_risen, percent
from scrapers.storage.connection import dict_rows

USUAL_SHARE = 0.5  # of pages on which a rule must have found a field for its absence to be told
LEAST = 10  # pages before, by which the newest are judged
FAR_SHORTER, FAR_LONGER = 0.5, 2.0  # median of words beside the one before
LAG_H = 3.0  # hours by which the median lag of articles must have moved
LEAST_COPIES = 0.5  # of a day's articles
LEAST_EDITS = 20  # in a day
MORE_EDITS = 4.0  # times as many as on a usual day


def fields(connection: psycopg.Connection, now: datetime, outlet: str | None = None) -> Iterator[Finding]:
    """Yield fields that the newest pages lack, or that another rule than before found on them."""
    rows = dict_rows(connection, "field_readings", now=now, outlet=outlet)
    rows.sort(key=lambda row: (row["outlet"], row["field"], row["rule"]))
    for (name, field), group in groupby(rows, key=lambda row: (row["outlet"], row["field"])):
        rules = {row["rule"]: row for row in group}
        yield from _field(name, field, rules)


def _field(outlet: str, field: str, rules: Mapping[str, Row]) -> Iterator[Finding]:
    late, early = (sum(row[when] for row in rules.values()) for when in ("late", "early"))
    usual = max((row for rule, row in rules.items() if rule), key=lambda row: row["early"], default=None)
    if usual is None or early < LEAST or usual["early"] < USUAL_SHARE * early:
        return
    now = max((row for row in rules.values() if row is not usual), key=lambda row: row["late"], default=usual)
    missing = rules.get("", {"late": 0, "early": 0})
    before, since = percent(usual["early"], early), usual["since"]
    shown = {"field": field, "subject": usual["rule"], "sample_url": now["sample_url"]}
    if has_fallen(late - missing["late"], late, early - missing["early"], early):
        lacking = percent(missing["late"], late)
        summary = f"missing on {lacking} of the newest {late} pages; {usual['rule']} found it on {before} before"
        yield Finding("field_missing", outlet, summary, since, **shown)
    elif has_fallen(usual["late"], late, usual["early"], early):
        instead = f", {now['rule']} instead" if now["rule"] else ""
        share = f"{before} of the pages before, and on {percent(usual['late'], late)} of the newest {late}"
        summary = f"{usual['rule']} found it on {share}{instead}"
        yield Finding("template_changed", outlet, summary, since, **shown)


def outcomes(connection: psycopg.Connection, now: datetime, outlet: str | None = None) -> Iterator[Finding]:
    """Yield outlets whose pages give no article any more, cannot be read, or are forbidden by robots.txt."""
    for row in dict_rows(connection, "page_outcomes", now=now, outlet=outlet):
        if row["early"] >= LEAST:
            yield from _outcome(row)


def _outcome(row: Row) -> Iterator[Finding]:
    name, since, late, early = row["outlet"], row["since"], row["late"], row["early"]
    newest = f"of the newest {late} pages"
    if has_risen(row["late_forbidden"], late, row["early_forbidden"], early):
        summary = f"it forbids {row['late_forbidden']} {newest}, and forbade {row['early_forbidden']} of {early} before"
        yield Finding("robots_changed", name, summary, since, subject="robots.txt", sample_url=row["forbidden_url"])
    elif has_risen(row["late_quarantined"], late, row["early_quarantined"], early):
        before = f"{row['early_quarantined']} of {early} before"
        summary = f"{row['late_quarantined']} {newest} could not be read, and {before}"
        yield Finding("quarantine_growing", name, summary, since, sample_url=row["quarantined_url"])
    elif has_fallen(row["late_read"], late, row["early_read"], early):
        before = f"{percent(row['early_read'], early)} of those before"
        summary = f"{percent(row['late_read'], late)} {newest} gave an article, and {before}"
        yield Finding("pages_unread", name, summary, since, sample_url=row["unread_url"])


def shapes(connection: psycopg.Connection, now: datetime, outlet: str | None = None) -> Iterator[Finding]:
    """Yield outlets whose articles are far shorter or longer than before, or dated oddly."""
    for row in dict_rows(connection, "article_shapes", now=now, outlet=outlet):
        if row["late"] >= LEAST and row["early"] >= LEAST:
            yield from _length(row)
            yield from _dates(row)


def _length(row: Row) -> Iterator[Finding]:
    (late_low, late, late_high), (low, early, high) = row["late_words"], row["early_words"]
    if (late < FAR_SHORTER * early and late_high < low) or (late > FAR_LONGER * early and late_low > high):
        newest = f"the newest {row['late']} articles"
        summary = f"half of {newest} have {late:.0f} words or fewer, and of those before {early:.0f}"
        shown = {"field": "article_body", "sample_url": row["sample_url"]}
        yield Finding("length_changed", row["outlet"], summary, row["since"], **shown)


def _dates(row: Row) -> Iterator[Finding]:
    name, since, late, early = row["outlet"], row["since"], row["late"], row["early"]
    shown = {"field": "date_published"}
    if has_risen(row["late_odd"], late, row["early_odd"], early):
        odd = f"{row['late_odd']} of the newest {late} articles are dated in the future or long before they were found"
        summary = f"{odd}, and {row['early_odd']} of {early} before"
        yield Finding("dates_odd", name, summary, since, sample_url=row["odd_url"], **shown)
    elif row["late_lag_h"] is not None and row["early_lag_h"] is not None:
        low, usual, high = row["early_lag_h"]
        moved = row["late_lag_h"] - usual
        if abs(moved) > max(LAG_H, 2 * (high - low)):
            newest = f"the newest {late} articles were found {row['late_lag_h']:.1f} hours after their date"
            summary = f"{newest}, those before {usual:.1f} hours"
            yield Finding("dates_odd", name, summary, since, sample_url=row["sample_url"], **shown)


def copies_and_edits(connection: psycopg.Connection, now: datetime, outlet: str | None = None) -> Iterator[Finding]:
    """Yield outlets of whose articles far more than usual are copies, or were edited, in the last day."""
    for row in dict_rows(connection, "copies_and_edits", now=now, outlet=outlet):
        name, late, early = row["outlet"], row["late"], row["early"]
        copies, copies_before = row["late_copies"], row["early_copies"]
        since = now  # a day's count says no better since when
        if early >= LEAST and copies >= LEAST_COPIES * late and has_risen(copies, late, copies_before, early):
            before = f"{percent(copies_before, early)} of those before"
            summary = f"{copies} of {late} articles of the last day are copies, and {before}"
            yield Finding("duplicates_surging", name, summary, since, sample_url=row["copy_url"])
        usual = row["early_edits"] / 14
        if early >= LEAST and row["late_edits"] >= max(LEAST_EDITS, MORE_EDITS * usual):
            summary = f"{row['late_edits']} articles were edited in the last day, where {usual:.0f} are usual"
            yield Finding("edits_surging", name, summary, since, sample_url=row["edited_url"])
