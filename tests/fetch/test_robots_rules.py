import time

import pytest

from scrapers.fetch.robots_rules import MAX_BYTES, RobotsRules

PAGE = "https://www.example.com/news/one"


def allows(text, url=PAGE):
    return RobotsRules(text.encode(), "warta").allows(url)


@pytest.mark.parametrize("name", ["warta", "Warta", "WARTA", "warta/0.1", "warta/2.0 (+https://example.org)"])
def test_group_of_our_product_token_holds_for_us_however_it_is_written(name):
    assert not allows(f"User-agent: *\nAllow: /\n\nUser-agent: {name}\nDisallow: /news\n")


@pytest.mark.parametrize("name", ["war", "w", "wartabot", "warta-news", "art", "a", "notwarta", "example.org", ""])
def test_group_of_a_name_that_only_looks_like_ours_is_somebody_elses(name):
    assert allows(f"User-agent: *\nAllow: /\n\nUser-agent: {name}\nDisallow: /\n")


def test_without_a_group_of_ours_the_one_for_all_holds():
    assert not allows("User-agent: other\nAllow: /\n\nUser-agent: *\nDisallow: /news\n")


def test_our_group_replaces_the_one_for_all():
    assert allows("User-agent: *\nDisallow: /\n\nUser-agent: warta\nDisallow: /private\n")


def test_groups_of_ours_are_one():
    text = "User-agent: warta\nDisallow: /a\n\nUser-agent: other\nDisallow: /\n\nUser-agent: warta\nDisallow: /news\n"

    assert not allows(text)
    assert not allows(text, "https://www.example.com/a")


def test_group_may_have_several_names():
    assert not allows("User-agent: other\nUser-agent: warta\nUser-agent: more\nDisallow: /news\n")


@pytest.mark.parametrize(
    "other",
    [
        *(
            "Crawl-delay: 10",
            "Content-Signal: ai-train=no",
            "Clean-param: ref /",
            "Noindex: /x",
            "Host: www.example.com",
        ),
        *("Sitemap: https://www.example.com/a.xml", "Visit-time: 0600-0845", "Request-rate: 1/5", "nonsense", ":", ""),
    ],
)
def test_other_records_end_no_group(other):
    for names in (("*", "other"), ("other", "*"), ("other", "warta"), ("warta", "other", "more")):
        text = f"\n{other}\n".join(f"User-agent: {name}" for name in names)
        assert not allows(f"{text}\n{other}\nDisallow: /news\n{other}\nDisallow: /b\n")
        assert not allows(f"{text}\nDisallow: /a\n{other}\nDisallow: /news\n")
        assert allows(f"User-agent: {names[0]}\nDisallow: /a\n{other}\nUser-agent: third\nDisallow: /news\n")


def test_crawl_delay_is_of_the_names_before_it():
    rules = RobotsRules(b"User-agent: a\nCrawl-delay: 9\nUser-agent: *\nCrawl-delay: 2\nDisallow: /news\n", "warta")

    assert (rules.crawl_delay_s, rules.allows(PAGE)) == (2, False)


def test_group_without_a_rule_allows_its_names_everything():
    assert allows("User-agent: *\nDisallow: /\n\nUser-agent: warta\nDisallow:\n")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_rules_hold_in_whatever_encoding_they_were_saved(encoding, ends):
    body = ends.join(["User-agent: *", "Disallow: /news", ""]).encode(encoding)

    assert not RobotsRules(body, "warta").allows(PAGE)
    assert not RobotsRules(body + b"\x00", "warta").allows(PAGE)


def test_long_robots_txt_whose_lines_end_in_carriage_returns_is_read_too():
    body = b"User-agent: *\rDisallow: /news\r" + b"# padding\r" * (MAX_BYTES // 10)

    assert not RobotsRules(body, "warta").allows(PAGE)


def test_path_that_is_no_utf_8_is_forbidden_as_it_is_asked_for():
    assert not RobotsRules(b"User-agent: *\nDisallow: /caf\xe9\n", "warta").allows("https://www.example.com/caf%E9/1")


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_lines_end_as_they_like(ends):
    assert not allows(ends.join(["\ufeffUser-Agent : warta # us", "  Disallow: /news  # them", ""]))


def test_longest_rule_wins_and_allow_wins_a_draw():
    assert allows("User-agent: *\nDisallow: /\nAllow: /news/\n")
    assert allows("User-agent: *\nDisallow: /news\nAllow: /news\n")
    assert not allows("User-agent: *\nAllow: /\nDisallow: /*one$\n")


@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe" * 1000, b"<html>not found</html>", b"Disallow: /", b":\n:\n"])
def test_what_is_no_rule_forbids_nothing(body):
    assert RobotsRules(body, "warta").allows(PAGE)


def test_rules_behind_500_kib_do_not_count_and_no_half_line_does():
    padding = b"# padding\n" * ((MAX_BYTES - 30) // 10)
    begun = b"User-agent: *\nAllow: /\n" + padding + b"Disallow: /news/two/three/four/five\n"
    body = begun[: MAX_BYTES - 5] + b"\nDisallow: /\n" * 10

    assert len(begun) > MAX_BYTES - 20
    assert RobotsRules(body, "warta").allows(PAGE)


@pytest.mark.parametrize(
    ("line", "seconds"),
    [("Crawl-delay: 7", 7), ("Crawl-delay: 0.5", 0.5), ("Request-rate: 1/30", 30), ("Crawl-delay: x", 0), ("", 0)],
)
def test_crawl_delay_is_read_in_seconds(line, seconds):
    assert RobotsRules(f"User-agent: *\n{line}\n".encode(), "warta").crawl_delay_s == seconds


def test_crawl_delay_of_others_is_not_ours():
    assert RobotsRules(b"User-agent: bingbot\nCrawl-delay: 30\n\nUser-agent: *\nAllow: /\n", "warta").crawl_delay_s == 0


@pytest.mark.parametrize(
    ("text", "forbids"),
    [
        ("User-agent: GPTBot\nDisallow: /\n", True),
        ("User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /news\n", True),
        ("User-agent: GPTBot\nDisallow: /other\n", False),
        ("User-agent: GPTBot\nAllow: /\n", False),
        ("User-agent: Google-Extended\nDisallow: /\n", True),
        ("User-agent: Googlebot\nDisallow: /\n", False),
        ("User-agent: *\nDisallow: /\n", False),  # speaks of all crawlers, not of AI
    ],
)
def test_what_is_forbidden_to_ai_crawlers_is_told_apart(text, forbids):
    assert RobotsRules(text.encode(), "warta").forbids_ai(PAGE) is forbids


def test_hostile_patterns_take_no_time():
    text = "User-agent: *\n" + "".join(f"Disallow: /{'*a' * 60}{n}$\n" for n in range(200))
    rules = RobotsRules(text.encode(), "warta")

    started = time.process_time()
    rules.allows("https://www.example.com/" + "a" * 2000)

    assert time.process_time() - started < 1.0
