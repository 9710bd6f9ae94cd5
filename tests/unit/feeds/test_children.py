"""Scorecard row S2: what is hostile ends a child at most; whoever asked goes on, and the next one is served."""

from collective.socialterritory.errors import ConfigurationError
from collective.socialterritory.errors import ContentError
from collective.socialterritory.errors import SocialError
from collective.socialterritory.feeds import child
from collective.socialterritory.feeds import children
from collective.socialterritory.feeds import frames
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from feeds import check
from feeds import rss
from feeds import told
from feeds import URL
from io import BytesIO
from PIL import Image

import os
import pytest
import resource
import signal
import subprocess
import sys
import time


ITEM = "<item><title>{0}</title><link>/{0}</link></item>"
GOOD = rss(ITEM.format("Un"))


@pytest.fixture
def pool(monkeypatch):
    """Children of this test alone, two at most."""
    pool = children.Children(2)
    monkeypatch.setattr(children, "_children", pool)
    yield pool
    children.end()


def pid(pool):
    """Of the one that waits."""
    (waiting,) = pool._idle
    return waiting._process.pid


def parse(body, headers=None):
    return children.parse(body, headers or {}, URL)


def saved(size, kind, colour="red"):
    stream = BytesIO()
    Image.new("RGB", size, colour).save(stream, kind)
    return stream.getvalue()


def gone(number):
    """Whether the process ends within a minute; one that nobody has waited for counts as ended."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(ChildProcessError):
            os.waitpid(number, os.WNOHANG)
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_a_child_says_what_the_parser_says_and_is_used_again(pool):
    assert parse(GOOD) == told(GOOD)
    first = pid(pool)
    body = rss("<item><title>Été</title></item>").decode().replace('"?>', '" encoding="iso-8859-1"?>', 1)
    assert parse(body.encode("latin-1"), {"Content-Type": "text/xml"}).entries[0].title == "Été"
    with pytest.raises(ContentError) as caught:
        parse(b"<html>")
    assert (caught.value.code, caught.value.params) == ("not_a_feed", {"host": "town.example"})
    assert pid(pool) == first


def test_pictures_are_scaled_and_lose_all_but_pixels(pool):
    data, mime, width, height = children.picture(saved((1600, 400), "PNG"), children.ENTRY)
    assert (mime, width, height) == ("image/jpeg", 640, 160)
    assert Image.open(BytesIO(data)).size == (640, 160)
    assert children.picture(saved((300, 300), "WEBP"), children.AVATAR)[2:] == (96, 96)


@pytest.mark.parametrize(
    "data, code",
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image_unfit"),
        (b"<!doctype html><title>404</title>", "image_broken"),
        (b"", "image_broken"),
        (saved((8000, 6250), "JPEG"), "image_too_large"),
        (saved((200, 200), "JPEG")[:-30], "image_broken"),
    ],
    ids=["svg", "html", "empty", "50 megapixels", "torn"],
)
def test_what_is_no_picture_for_a_page(pool, data, code):
    with pytest.raises(ContentError) as caught:
        children.picture(data, children.ENTRY)
    assert caught.value.code == code
    assert len(pool._idle) == 1


def entities():
    levels = "".join(f'<!ENTITY a{n} "{(f"&a{n - 1};" if n else "ha") * 10}">' for n in range(12))
    return f"<!DOCTYPE r [{levels}]><rss><channel><item><title>&a11;</title></item></channel></rss>".encode()


def fifty(html):
    return rss(
        "".join(f"<item><link>/{n}</link><description><![CDATA[{html}]]></description></item>" for n in range(50))
    )


HOSTILE = {
    "entities": entities(),
    "quadratic entity": b'<!DOCTYPE r [<!ENTITY a "%s">]><rss><channel><item><title>%s'
    % (b"a" * 10**5, b"&a;" * 10**5),
    "unfinished links": rss(f"<item><description>{'<a ' * 400_000}</description></item>"),
    "unfinished links in CDATA": rss(f"<item><description><![CDATA[{'<a ' * 400_000}]]></description></item>"),
    "nested divs": rss(f"<item><description><![CDATA[{'<div>' * 50_000}]]></description></item>"),
    "nested divs, 50 times": fifty("<div>" * 6_400),
    "nested elements": rss("<a>" * 300_000),
    "formatting, 50 times": fifty("".join(f"<b x={n}><p>" for n in range(2_500))),
    "20,000 entries": rss("".join(ITEM.format(n) for n in range(20_000))),
    "one long title": rss(f"<item><title>{'a' * 5_000_000}</title></item>"),
    "attributes": rss(f"<item {' '.join(map('a{}=1'.format, range(100_000)))}><title>Un</title></item>"),
    "nested JSON": b'{"a":' + b"[" * 1_000_000,
    "a long number": b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"9" * 1_000_000 + b"]}",
    "zeros": bytes(5_000_000),
    "comments": rss("<!--" * 300_000),
    "declarations": b"<!DOCTYPE " * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_feeds_harm_nobody(pool, monkeypatch, name):
    monkeypatch.setattr(children, "SECONDS", 5.0)
    try:
        check(parse(HOSTILE[name]))
    except ContentError as error:
        assert error.code in ("not_a_feed", "feed_too_heavy")
    assert parse(GOOD).entries[0].title == "Un"


def test_a_child_ends_itself_when_it_computes_too_long(pool, monkeypatch):
    monkeypatch.setattr(children, "SECONDS", 3600.0)
    with pytest.raises(ContentError, match="feed_too_heavy"):
        parse(HOSTILE["nested elements"])


def test_a_child_that_hangs_is_ended_and_replaced(pool):
    parse(GOOD)
    first = pid(pool)
    os.kill(first, signal.SIGSTOP)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(children, "SECONDS", 0.3)
        with pytest.raises(ContentError) as caught:
            parse(GOOD)
    assert (caught.value.code, caught.value.params) == ("feed_too_heavy", {"host": "town.example"})
    assert gone(first)
    assert parse(GOOD).entries


def test_a_child_that_was_killed_while_it_waited_costs_nobody_a_feed(pool):
    parse(GOOD)
    first = pid(pool)
    os.kill(first, signal.SIGKILL)
    pool._idle[0]._process.wait()
    assert parse(GOOD).entries
    assert pid(pool) != first


def test_a_picture_that_ends_its_child_is_too_large(pool, monkeypatch):
    monkeypatch.setattr(children, "SECONDS", 0.0)
    with pytest.raises(ContentError, match="image_too_large"):
        children.picture(saved((3000, 3000), "PNG"), children.ENTRY)


def test_children_are_replaced_after_so_many_jobs(pool, monkeypatch):
    monkeypatch.setattr(children, "JOBS", 2)
    parse(GOOD)
    first = pid(pool)
    parse(GOOD)
    assert pool._idle == []
    assert gone(first)


def test_many_threads_share_few_children_and_each_gets_its_own_answer(pool):
    bodies = [rss(ITEM.format(n)) for n in range(60)]
    with ThreadPoolExecutor(12) as threads:
        feeds = list(threads.map(parse, bodies))
    assert [feed.entries[0].title for feed in feeds] == [str(n) for n in range(60)]
    assert 1 <= len(pool._idle) <= 2


def test_nothing_of_the_environment_goes_along(pool, monkeypatch):
    monkeypatch.setenv("SOCIALTERRITORY_KEYS", "k1:secret")
    parse(GOOD)
    with open(f"/proc/{pid(pool)}/environ") as environ:
        names = {line.partition("=")[0] for line in environ.read().split("\0")}
    assert "PYTHONPATH" in names
    assert names <= {"", "PYTHONPATH", *children._ENVIRON}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bound memory")
def test_memory_is_bounded(pool):
    parse(GOOD)
    assert resource.prlimit(pid(pool), resource.RLIMIT_AS)[0] == child.MEMORY
    assert 0 < resource.prlimit(pid(pool), resource.RLIMIT_CPU)[0] < 60


@pytest.mark.parametrize("program", ["/nowhere/python", "/bin/true"])
def test_a_server_that_cannot_start_children_is_told_so(pool, monkeypatch, program):
    monkeypatch.setattr(sys, "executable", program)
    for _ in range(3):  # whoever failed has left his turn to others
        with pytest.raises(ConfigurationError, match="no_reader"):
            parse(GOOD)


@pytest.mark.parametrize("busy", [False, True])
def test_children_end_when_their_parent_is_killed(busy):
    body = "b'<rss>' + b'<a>' * 300000" if busy else "b'<rss version=\"2.0\"/>'"
    program = f"""
import subprocess, threading, time
started = []
start = subprocess.Popen.__init__
def noted(self, *args, **kw):
    start(self, *args, **kw)
    started.append(self.pid)
subprocess.Popen.__init__ = noted
from collective.socialterritory.feeds import children
asking = threading.Thread(target=children.parse, args=({body}, {{}}, "https://town.example/"), daemon=True)
asking.start()
asking.join(3 if {busy} else None)
print(started[0], flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        number = int(parent.stdout.readline())
        parent.kill()
    assert gone(number)


def test_frames():
    stream = BytesIO()
    frames.write(stream, {"é": 1}, b"\x00\xff")
    stream.seek(0)
    assert frames.read(stream) == ({"é": 1}, b"\x00\xff")
    with pytest.raises(EOFError):
        frames.read(stream)
    for wrong in (b"\xff\xff\xff\xff", b"\x00\x00\x00\x01[", b"\x00\x00\x00\x02[]\x00\x00\x00\x00"):
        with pytest.raises(ValueError):
            frames.read(BytesIO(wrong))


def test_what_runs_in_the_child():
    asked, said, prepared = BytesIO(), BytesIO(), []
    frames.write(asked, {"job": "parse", "headers": {}, "url": URL}, GOOD)
    frames.write(asked, {"job": "parse", "headers": {}, "url": URL}, b"")
    frames.write(asked, {"job": "picture", "side": 96}, saved((200, 100), "JPEG"))
    asked.seek(0)
    child.serve(asked, said, lambda: prepared.append(1))
    said.seek(0)
    assert frames.read(said) == ({}, b"")
    assert frames.told(frames.read(said)[0]["feed"]) == told(GOOD)
    assert frames.read(said)[0] == {"code": "not_a_feed", "params": {"host": "town.example"}}
    assert frames.read(said)[0] == {"mime": "image/jpeg", "width": 96, "height": 48}
    assert len(prepared) == 3
    with pytest.raises(SocialError):
        child.picture(saved((8000, 6250), "PNG"), 96)


def test_limits_that_a_platform_lacks_are_left_out():
    before = resource.getrlimit(resource.RLIMIT_CORE)
    child.limit("RLIMIT_CORE", before[0])
    child.limit("RLIMIT_OF_NO_SYSTEM", 1)
    assert resource.getrlimit(resource.RLIMIT_CORE) == before
