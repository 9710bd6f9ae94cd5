"""A served town with its worker, a Bluesky server and a headless Chromium."""

from collective.socialterritory.worker import Worker
from playwright.sync_api import sync_playwright
from rest import Town

import pytest
import shutil
import threading
import time
import transaction


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS.append("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1")
"""A route that refuses other hosts would turn off the browser's cache: each page would load all scripts anew."""
FLAGS.append("--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess")
"""The list below the address field, a page of its own in each window, took more time than most pages of ours."""
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: the browser tests did not run (apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """One person's browser. Other hosts are not found; who asks for one is noted: pages must not."""

    def __init__(self, chromium, url, size="desktop", **options):
        self.url = url
        self.known = [url.rsplit("/", 1)[0], "data:", "blob:"]
        """What the addresses begin with that pages may lead to"""
        self.context = chromium.new_context(viewport=SIZES[size], locale="fr-FR", reduced_motion="reduce", **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.outside = []
        self.complaints = []
        self.page.on(
            "console",
            lambda said: said.type == "error" and self.complaints.append(f"{said.text} {said.location['url']}"),
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._note)

    def _note(self, request):
        if not request.url.startswith(tuple(self.known)):
            self.outside.append(request.url)

    def login(self, name, password):
        """Send what the form of Plone would, without loading it."""
        form = {"__ac_name": name, "__ac_password": password, "buttons.login": "Log in"}
        self.context.request.post(f"{self.url}/login", form=form, max_redirects=0)
        assert "__ac" in {cookie["name"] for cookie in self.context.cookies()}
        return self

    def goto(self, path):
        answer = self.page.goto(f"{self.url}/{path}")
        assert answer.ok, f"{path}: {answer.status}"
        return self.page


@pytest.fixture
def served(functional):
    """The town, with its theme, on localhost: on 127.0.0.1 Plone shows no theme."""
    town = Town(functional)
    town.url = f"http://localhost:{functional['port']}/{town.site.getId()}"
    return town


@pytest.fixture
def visitor(chromium, served):
    visitors = []

    def make(name="", size="desktop", **options):
        from rest import PASSWORD

        made = Visitor(chromium, served.url, size, **options)
        visitors.append(made)
        return made.login(name, PASSWORD) if name else made

    yield make
    for made in visitors:
        made.context.close()


@pytest.fixture
def working(served, functional):
    """The worker, in its thread, as a served site has it."""
    worker = Worker(functional["app"]._p_jar.db(), senders=2)
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    yield worker
    worker.stop()
    thread.join(20)
    worker.leave()


def wait_for(find, seconds=30):
    """What `find` returns once it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        transaction.begin()
        if found := find():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")
