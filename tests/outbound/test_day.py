"""A day replayed: articles arrive with copies, edits and withdrawals while the teller is killed again and again."""

import json
import random
import re
import time
from datetime import UTC, datetime, timedelta

import pytest

from scrapers.items import CrawlScope, Link
from scrapers.outbound import watches
from scrapers.outbound.matching import match_arrivals
from scrapers.publish.search import Search
from scrapers.spiders import outlets
from scrapers.storage.articles import store
from scrapers.storage.ledger import discover, lease
from tests.factories import article, result

OUTLETS = [outlet.name for outlet in outlets() if outlet.name not in ("seed", "news")][:17]
LETTERS = "bcdfghjklmnprstvwz"


class Day:
    """Articles of made-up words, which no stemmer knows; a copy has the words of another, an edit one word more."""

    def __init__(self, database, run_id, seed, *, words, copies=0.15, edits=0.05, withdrawals=0.02):
        self.database, self.run_id, self.random = database, run_id, random.Random(seed)
        self.vocabulary = sorted({self.word() for _ in range(words)})
        self.shares = (copies, edits, withdrawals)
        self.texts: dict[str, list[str]] = {}  # of each address, the words that it ever had
        self.origin: dict[str, str] = {}  # of each address, the one that it is a copy of

    def word(self):
        return "".join(self.random.choice(LETTERS) + self.random.choice("aiueo") for _ in range(4)) + "q"

    def arrive(self, number):
        """Store so many articles, and edit and withdraw some of those before."""
        known = sorted(self.texts)
        new = [self.new(known) for _ in range(number)]
        _, edits, withdrawals = self.shares
        edited = self.random.sample(known, int(len(known) * edits))
        for url in edited:
            self.texts[url] = [*self.texts[url], self.random.choice(self.vocabulary)]
        self.store([*new, *edited])
        gone = self.random.sample(known, int(len(known) * withdrawals))
        self.database.execute(
            "UPDATE articles SET withdrawn_at = now(), withdrawn_reason = 'http_404' WHERE url = ANY (%s)", [gone]
        )

    def new(self, known):
        url = f"https://{self.random.choice(OUTLETS)}.example.test/{len(self.texts)}"
        if known and self.random.random() < self.shares[0]:
            source = self.random.choice(known)
            self.origin[url] = self.origin.get(source, source)
            self.texts[url] = list(self.texts[source])
        else:
            self.texts[url] = self.random.choices(self.vocabulary, k=60)
        return url

    def store(self, urls):
        self.database.execute("UPDATE pages SET next_fetch_at = now() WHERE url = ANY (%s)", [urls])
        for start in range(0, len(urls), 200):
            some = urls[start : start + 200]
            discover(self.database, self.run_id, "seed", [Link(url=url) for url in some])
            pages = lease(self.database, self.run_id, "seed", len(some), CrawlScope(urls=tuple(some), full=True))
            assert len(pages) == len(some)
            store(self.database, self.run_id, [self.result(page) for page in pages])

    def result(self, page):
        text = " ".join(self.texts[page.url])
        fields = {"url": page.url, "canonical_url": page.url, "outlet": page.url.split("/")[2].split(".")[0]}
        body = (f"Isi {page.url.rpartition('/')[2]}." if page.url not in self.origin else "Isi.", text)
        done = article(
            **fields, headline=f"Judul {page.url.rpartition('/')[2]}", article_body=body,
            date_published=datetime.now(UTC) - timedelta(minutes=1),
        )  # fmt: skip
        return result(page, body=(page.url + text).encode(), article=done)


def told_in(mail):
    """Return the addresses that a mail tells, without those of copies."""
    text = mail.get_body(("plain",)).get_content()
    return re.findall(r"^(https://\S+)\s*$", text, re.MULTILINE)


def replay(commands, database, run_id, box, receiver, outbound, *, seed, chunks, articles, number, words, kills):
    day = Day(database, run_id, seed, words=words)
    sought = day.random.sample(day.vocabulary, number)
    for n, word in enumerate(sought):
        way, address = [("email", "desk@example.com"), ("webhook", "desk"), ("feed", None)][n % 3]
        watches.add(database, word, Search(word), way=way, address=address, by="test")
    commands.environment |= {"WARTA_HOME": str(outbound.parent), "WARTA_ALLOWED_NETWORKS": "127.0.0.0/8"}
    receiver.statuses = day.random.choices([204, 500, 503], weights=[8, 1, 1], k=number * chunks // 3)
    box.replies = day.random.choices([None, "451 later"], weights=[9, 1], k=number * chunks // 3)
    killed = 0
    for _ in range(chunks):
        day.arrive(articles // chunks)
        assert commands.warta("dedup").code == 0
        while killed < kills and day.random.random() < 0.7:
            killed += kill_while_telling(commands, day.random)
        assert commands.warta("watch", "tell").code == 0
    while killed < kills:
        killed += kill_while_telling(commands, day.random)
    tell_the_rest(commands, database)
    return day, sought


def kill_while_telling(commands, chance):
    process = commands.start("scrapers", "watch", "tell")
    time.sleep(chance.uniform(0.05, 2.0))
    process.kill()
    process.communicate()
    return 1


def tell_the_rest(commands, database):
    """Tell until nothing is left; the pauses between tries are cut short."""
    open_ones = "SELECT count(*) FROM deliveries WHERE delivered_at IS NULL"
    for _ in range(20):
        database.execute("UPDATE deliveries SET next_try_at = now() WHERE delivered_at IS NULL")
        told = commands.warta("watch", "tell")
        assert told.code == 0, told.err
        if database.execute(open_ones).fetchone() == (0,):
            return
    raise AssertionError(told.out)


def assert_each_match_is_told_once(day, database, sought, box, receiver):
    """Compare what came out with what the words of all texts say."""
    clusters = dict(
        database.execute(
            "SELECT url, coalesce(representative_id, article_id) FROM articles LEFT JOIN clusters USING (article_id)"
        ).fetchall()
    )
    expected = {word: set() for word in sought}
    for url, words in day.texts.items():
        for word in expected.keys() & set(words):
            expected[word].add(clusters[url])
    told = {word: [] for word in sought}
    for mail in box.list:
        told[mail["Subject"].split(":")[0]] += told_in(mail)
    for event in receiver.events.values():
        told[event["data"]["watch"]["name"]] += [one["url"] for one in event["data"]["articles"]]
    ids = dict(database.execute("SELECT name, watch_id FROM watches WHERE way = 'feed'").fetchall())
    for word, watch_id in ids.items():
        told[word] = [row["url"] for row in watches.matches(database, watch_id, limit=1000)]
    for word in sought:
        found = [clusters[url] for url in told[word]]
        assert sorted(found) == sorted(expected[word]), word


def test_each_match_is_told_once_though_the_teller_is_killed(commands, database, run_id, mailbox, receiver, outbound):
    day, sought = replay(
        commands, database, run_id, mailbox, receiver, outbound,
        seed=1, chunks=3, articles=120, number=24, words=300, kills=3,
    )  # fmt: skip

    assert_each_match_is_told_once(day, database, sought, mailbox, receiver)


@pytest.mark.proof
@pytest.mark.parametrize("seed", [20261129])
def test_day_of_17_outlets_and_1000_watches_is_told_once(
    commands, database, run_id, mailbox, receiver, outbound, seed, capsys
):
    started = time.monotonic()
    day, sought = replay(
        commands, database, run_id, mailbox, receiver, outbound,
        seed=seed, chunks=10, articles=10_000, number=1000, words=15_000, kills=20,
    )  # fmt: skip

    assert_each_match_is_told_once(day, database, sought, mailbox, receiver)
    with capsys.disabled():
        print(json.dumps({  # noqa: T201
            "articles": len(day.texts), "copies": len(day.origin), "mails": len(mailbox.mails),
            "webhooks": len(receiver.events), "sent again": len(mailbox.again) + len(receiver.again),
            "seconds": round(time.monotonic() - started),
        }))  # fmt: skip


@pytest.mark.proof
def test_thousand_watches_are_tried_on_ten_thousand_articles_within_a_minute(database, run_id, capsys):
    day = Day(database, run_id, 7, words=15_000)
    for n, word in enumerate(day.random.sample(day.vocabulary, 1000)):
        query = [word, f'"{word} {day.vocabulary[n]}"', f"{word} OR {day.vocabulary[n]}", f"{word[:5]}*"][n % 4]
        watches.add(database, str(n), Search(query), by="test")
    for _ in range(10):
        day.arrive(1000)
    database.execute("DELETE FROM dedup_queue")
    database.execute("ANALYZE")

    started = time.monotonic()
    taken = match_arrivals(database, datetime.now(UTC))
    seconds = time.monotonic() - started

    [(matched,)] = database.execute("SELECT count(*) FROM watch_matches").fetchall()
    with capsys.disabled():
        print(json.dumps({"arrivals": taken, "matches": matched, "seconds": round(seconds, 1)}))  # noqa: T201  # noqa: T201
    assert taken >= 10_000
    assert seconds < 60
