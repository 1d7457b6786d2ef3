from hypothesis import given
from hypothesis import strategies as st
from tldextract import TLDExtract

from scrapers.public_suffixes import registrable, registrable_domain

tldextract = TLDExtract(suffix_list_urls=(), cache_dir=None)
RULES = sorted(rule.strip("!*.") for rule in tldextract.tlds)


def is_as_tldextract_says(host):
    said = tldextract(host)
    return registrable(host) == (said.domain, said.suffix) and registrable_domain(host) == (
        said.top_domain_under_public_suffix
    )


def test_site_of_a_host_is_what_somebody_registered():
    assert registrable("www.inews.id") == ("inews", "id")
    assert registrable_domain("www.abc.net.au") == "abc.net.au"
    assert registrable_domain("localhost") == registrable_domain("co.id") == registrable_domain("10.0.0.1") == ""


def test_every_rule_of_the_list_is_read_as_tldextract_reads_it():
    forms = ("{}", "a.{}", "b.a.{}", "c.b.a.{}")
    hosts = [form.format(rule) for rule in RULES for form in forms]
    hosts += [host.encode("idna").decode() for host in hosts[: 4 * 2000] if not host.isascii()]

    assert len(RULES) > 5000
    assert [host for host in hosts if not is_as_tldextract_says(host)] == []


@given(st.lists(st.sampled_from(["a", "WWW", "id", "co", "go", "ck", "kawasaki", "jp", "xn--p1ai", "xn--", "1", "10"]),
                min_size=1, max_size=6))  # fmt: skip
def test_any_host_is_read_as_tldextract_reads_it(labels):
    assert is_as_tldextract_says(".".join(labels))
