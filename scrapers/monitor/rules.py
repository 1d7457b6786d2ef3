"""The rules that raise alarms, by name; docs/how-to/operate.md has an entry for each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule watches, and what to do where it raises an alarm, each a sentence."""

    watches: str
    advice: str


RULES = {
    "silence": Rule(
        "An outlet has published nothing for as long as never by chance.",
        "Open the outlet's site: where it goes on publishing, see `warta coverage OUTLET` and the last crawl's log.",
    ),
    "fewer_articles": Rule(
        "An outlet publishes far less than usual at this time of the week, and the others don't.",
        "Compare the outlet's home page with `warta coverage OUTLET`: a feed may have been cut or moved.",
    ),
    "more_articles": Rule(
        "An outlet brings more than four times as many articles in a day as usual.",
        "Look whether the new ones are articles: `warta articles --outlet OUTLET`; a feed may list archives or copies.",
    ),
    "no_crawl": Rule(
        "No crawl of an outlet succeeded in three times its interval.",
        "Run `warta doctor`: the scheduler may be down, the Dag paused, or each crawl may fail.",
    ),
    "feed_failing": Rule(
        "A feed fails, or answers with something else than it did.",
        "Open the feed's address; where it has moved, change the outlet's declaration.",
    ),
    "feed_silent": Rule(
        "A feed that used to bring new articles has brought none for as long as never by chance.",
        "Open the feed's address: where it is out of date, declare another one.",
    ),
    "template_changed": Rule(
        "The selector or layer that found a field finds it no more.",
        "Look at the sample with `warta extract URL`, and change the outlet's selector; then `warta reextract`.",
    ),
    "field_missing": Rule(
        "A field that nearly all articles had is missing.",
        "Look at the sample with `warta extract URL`; declare a selector for the field, then `warta reextract`.",
    ),
    "length_changed": Rule(
        "Articles are far shorter or longer than before.",
        "Compare the sample with its page: the body may be cut, or hold what doesn't belong to it.",
    ),
    "dates_odd": Rule(
        "Articles are dated in the future or long before they were found.",
        "Compare the sample's date with its page: the outlet's time zone, format or date selector may have changed.",
    ),
    "pages_unread": Rule(
        "Far fewer of the newest pages gave an article than of those before.",
        "Run `warta why` on the sample: the template may have changed, or a wall may stand before the articles.",
    ),
    "quarantine_growing": Rule(
        "Many more pages than usual could not be read.",
        "Look at `warta quarantine list --outlet OUTLET`; once mended, `warta quarantine replay`.",
    ),
    "robots_changed": Rule(
        "The outlet's robots.txt now forbids pages that it allowed.",
        "Read the site's robots.txt: where it forbids crawling, ask the outlet or pause its Dag.",
    ),
    "host_closed": Rule(
        "A host has turned requests away for hours.",
        "Look at `warta hosts list`: where it blocks the crawler, slow down the outlet or ask its operators.",
    ),
    "duplicates_surging": Rule(
        "A far greater share of an outlet's articles than usual are copies.",
        "Look at the sample's copies on its page in Airflow: the outlet may show one article under many addresses.",
    ),
    "edits_surging": Rule(
        "A far greater share of an outlet's articles than usual were edited.",
        "Look at `warta edits --outlet OUTLET`: what changes with each look may be no part of the article.",
    ),
    "disk_low": Rule(
        "Little room is left on the disk.",
        "Free some, or see docs/how-to/keep-it-for-years.md for what takes it and what can go.",
    ),
}
