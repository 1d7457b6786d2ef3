import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred

from scrapers.fetch.resolver import LoopbackResolver


def resolved(name):
    answer: list[str] = []
    deferred: Deferred[str] = LoopbackResolver(reactor, 0, 1.0).getHostByName(name)
    deferred.addCallback(answer.append)
    return answer


@pytest.mark.parametrize("name", ["localhost", "www.inews.localhost", "a.b.localhost"])
def test_names_below_localhost_are_this_machine(name):
    assert resolved(name) == ["127.0.0.1"]


@pytest.mark.parametrize("name", ["notlocalhost", "localhost.example.test"])
def test_other_names_are_left_to_the_system(name):
    assert resolved(name) == []  # no answer before the system has been asked
