"""`python -m scrapers.local.warm_up`: what the first crawl and the first `dedup` would wait for, while Airflow starts.

Modules are compiled to bytecode by being imported, and the loops of `dedup` by numba, which keeps what it has made: the
first task would compile them for half a minute, and others wait for it. Whether it ends, or is done at all, changes
nothing but the time.
"""

import os
import struct

TEXT = (
    "Warga Desa Sukamaju memanen 120 ton padi pada 3 Maret 2025, kata Kepala Desa Budi Santoso di Bandung. “Naik 5%.” "
)


def main() -> None:
    """Import and compile; of lower priority than what is waited for."""
    os.nice(10)
    import scrapers.commands.crawl
    import scrapers.pipelines
    import scrapers.spiders

    scrapers.spiders.outlets()
    compile_loops()


def compile_loops() -> None:
    """Have numba compile what `dedup` calls, with arrays of the very types that it is called with."""
    import numpy as np

    from scrapers.dedup.articles import ExistingArticle
    from scrapers.dedup.judge.verify import judge, judge_each
    from scrapers.dedup.key_index.search import sharing_pairs
    from scrapers.dedup.key_index.segments import entries_with
    from scrapers.dedup.text.documents import Document
    from scrapers.dedup.text.recurring import recurring_sentences
    from scrapers.dedup.text.scanner import sentence_hashes
    from scrapers.dedup.text.signatures import sign

    one = sign(Document(1, "Panen Padi 120 Ton", TEXT * 5, outlet="seed"))
    other = sign(Document(2, "Panen 130 Ton di Desa Sukamaju", TEXT * 4 + TEXT.replace("120", "130"), outlet="seed"))
    recurring_sentences([one, other])
    one.without(sentence_hashes(one.body.words)[0][:1])
    if one.identity != other.identity:  # as they do; the digest has a loop, too
        judge(one, other)
    judge_each(one.to_bytes(), [other.to_bytes()])
    keys = [int(key) for key in one.keys]
    as_sent = struct.pack(">5i", 1, 0, 20, len(keys), 1) + b"".join(struct.pack(">iq", 8, key) for key in keys)
    stored = ExistingArticle(2, 1, None, None, as_sent, other.to_bytes())
    sharing_pairs({1: one.keys}, {(1, 2): True}, {2: stored}, [])
    entries = np.array([[key, 1] for key in keys], np.int64)
    for found in (entries, entries[np.argsort(entries[:, 0])]):
        entries_with(np.unique(entries[:, 0]), found)


if __name__ == "__main__":
    main()
