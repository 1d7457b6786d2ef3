"""What a process that reads pages is given to do instead; each such process imports this, so it imports little."""

import os
import time

from lxml import etree

from scrapers.extract.reading import read_page


def hang(page, rules):
    time.sleep(60)


def die(page, rules):
    os.abort()


def fail(page, rules):
    return 1 / 0


def hoard(page, rules):
    return b"x" * (4 << 30)


def overgrow(page, rules):
    """Have libxml2 find no memory; what is taken before, and never written to, spares it most of the elements."""
    taken = bytes(400 << 20)
    return taken, etree.HTML(b"<p>x" * (15 << 18), etree.HTMLParser(huge_tree=True))


class Unsendable(Exception):
    def __reduce__(self):
        raise TypeError("it holds a lock")


def fail_unsendably(page, rules):
    raise Unsendable("what went wrong")


def wait_a_second(page, rules):
    time.sleep(1)
    return read_page(page, rules)


def process(page, rules):
    return os.getpid()
