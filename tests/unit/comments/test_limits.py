"""How often, and from where."""

from collective.socialterritory.comments.rules.limits import after
from collective.socialterritory.comments.rules.limits import Limiter
from collective.socialterritory.comments.rules.limits import mark
from collective.socialterritory.comments.rules.limits import network
from collective.socialterritory.comments.rules.limits import Place
from collective.socialterritory.comments.rules.limits import place
from collective.socialterritory.comments.rules.limits import together
from collective.socialterritory.comments.rules.limits import Window
from collective.socialterritory.comments.rules.limits import windows
from concurrent.futures import ThreadPoolExecutor
from hypothesis import given
from hypothesis import strategies as st

import pytest


TWO = (Window(3, 60), Window(5, 3600))


def test_so_many_at_once_then_one_by_one():
    limiter = Limiter()
    assert [limiter.wait("a", TWO, 1000) for _ in range(3)] == [0, 0, 0]
    assert limiter.wait("a", TWO, 1000) == pytest.approx(20)
    assert limiter.wait("a", TWO, 1010) == pytest.approx(10)
    assert limiter.wait("b", TWO, 1010) == 0
    assert limiter.wait("a", TWO, 1020) == 0
    assert limiter.wait("a", TWO, 1040) == 0
    assert limiter.wait("a", TWO, 1060) == pytest.approx(660)
    assert limiter.wait("a", TWO, 1720) == 0


def test_a_day_has_an_end_too():
    limiter = Limiter()
    went = sum(not limiter.wait("a", windows(5), minute * 60) for minute in range(1440))
    assert 60 <= went <= 120


def test_all_together_come_one_after_the_other():
    limiter = Limiter()
    assert sum(not limiter.wait("", together(60), 1000) for _ in range(50)) == 10
    assert sum(not limiter.wait("", together(60), 1001) for _ in range(50)) == 2
    assert sum(not limiter.wait("", together(10_000), 2000) for _ in range(1000)) == 500


def test_who_waits_is_not_made_to_wait_longer():
    limiter = Limiter()
    for _ in range(3):
        limiter.wait("a", TWO, 1000)
    for _ in range(1000):
        limiter.wait("a", TWO, 1019.9)
    assert limiter.wait("a", TWO, 1020) == 0


@given(st.lists(st.floats(0, 500), min_size=1, max_size=60).map(sorted))
def test_never_more_than_so_many_and_as_many_again_while_they_run_off(times):
    limiter = Limiter()
    went = [time for time in times if not limiter.wait("a", (Window(3, 60),), time)]
    for first in went:
        assert sum(first <= time < first + 60 - 1e-3 for time in went) <= 6
        assert sum(first <= time < first + 20 - 1e-3 for time in went) <= 3


def test_memory_is_bounded_and_the_busy_are_not_forgotten():
    limiter = Limiter(most=100)
    for number in range(1000):
        limiter.wait("busy", TWO, 1000)
        limiter.wait(f"{number}", TWO, 1000)
    assert len(limiter) == 100
    assert limiter.wait("busy", TWO, 1000)


def test_it_is_a_function_of_times_and_now():
    wait, times = after((), TWO, 1000)
    assert (wait, times) == (0, (1020, 1720))
    assert after(times, TWO, 1000) == (0, (1040, 2440))
    assert after((1060, 0), TWO, 1000) == (pytest.approx(20), (1060, 1000))


def test_a_clock_that_is_put_back_locks_nobody_out():
    limiter = Limiter()
    for _ in range(3):
        limiter.wait("a", TWO[:1], 1_000_000)
    assert limiter.wait("a", TWO[:1], 1000) == pytest.approx(20)
    assert limiter.wait("a", TWO[:1], 1060) == 0


def test_from_many_threads():
    limiter = Limiter()
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: limiter.wait("a", (Window(50, 3600),), 1000), range(400)))
    assert waits.count(0) == 50


@pytest.mark.parametrize("address, expected", [
    ("192.0.2.77", "192.0.2.0/24"),
    ("::ffff:192.0.2.77", "192.0.2.0/24"),
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
    ("fe80::1%eth0", "fe80::/64"),
    ("", ""),
    ("unknown", ""),
    ("192.0.2.77:8080", ""),
    ("1.2.3.4, 5.6.7.8", ""),
    ("<script>", ""),
])  # fmt: skip
def test_networks(address, expected):
    assert network(address) == expected


PUBLIC, HOUSE = "https://www.ville.fr", "http://localhost:8080/Plone"


@pytest.mark.parametrize("remote, client, forwarded, url, expected", [
    ("93.184.216.34", "93.184.216.34", "", PUBLIC, Place("93.184.216.0/24")),
    ("::ffff:93.184.216.34", "::ffff:93.184.216.34", "", PUBLIC, Place("93.184.216.0/24")),
    # Anybody can send the header: neither evades limits nor is taken for another.
    ("93.184.216.34", "93.184.216.34", "8.8.8.8", PUBLIC, Place("93.184.216.0/24")),
    ("93.184.216.34", "93.184.216.34", "127.0.0.1", PUBLIC, Place("93.184.216.0/24")),
    # A trusted proxy: Zope took its word.
    ("127.0.0.1", "93.184.216.34", "8.8.8.8, 93.184.216.34", PUBLIC, Place("93.184.216.0/24")),
    ("127.0.0.1", "10.1.2.3", "10.1.2.3", PUBLIC, Place("10.1.2.0/24")),
    ("127.0.0.1", "nonsense", "nonsense", PUBLIC, Place("", hidden=True)),
    # A proxy that is not trusted: nobody can be told apart.
    ("127.0.0.1", "127.0.0.1", "93.184.216.34", HOUSE, Place("", hidden=True)),
    ("10.0.0.2", "10.0.0.2", "93.184.216.34", HOUSE, Place("", hidden=True)),
    ("::1", "::1", "", PUBLIC, Place("", hidden=True)),
    ("127.0.0.1", "127.0.0.1", "", PUBLIC, Place("", hidden=True)),
    # Nothing stands before us: a person at this machine, a test.
    ("127.0.0.1", "127.0.0.1", "", HOUSE, Place("")),
    ("", "", "", HOUSE, Place("")),
])  # fmt: skip
def test_places(remote, client, forwarded, url, expected):
    assert place(remote, client, forwarded, url) == expected


def test_marks():
    assert mark(b"salt", "192.0.2.0/24") == mark(b"salt", "192.0.2.0/24")
    assert len({mark(b"salt", "192.0.2.0/24"), mark(b"tlas", "192.0.2.0/24"), mark(b"salt", "192.0.3.0/24")}) == 3
    assert "192" not in mark(b"salt", "192.0.2.0/24")
