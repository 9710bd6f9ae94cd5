"""Take the pictures of README and docs: a fresh demo site is served, used as a newcomer would, and photographed.

Writes docs/images/*.png. PORT in the environment moves the site from 8120.
"""

from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from PIL import Image
from playwright.sync_api import sync_playwright
from subprocess import DEVNULL
from subprocess import Popen
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

import os
import shutil
import signal
import sys
import time


ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
PORT = os.environ.get("PORT") or "8120"
URL = f"http://localhost:{PORT}/Plone"
SIZES = {"desktop": ({"width": 1280, "height": 900}, 1), "phone": ({"width": 390, "height": 844}, 1.5)}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LARGEST = 200_000
"""Bytes a picture may weigh in the repository"""
MARGIN = 12
"""Pixels around what is shown"""
FIELD = "#formfield-form-widgets-ISocialPosting"
PREVIEW = (f"{FIELD}-social_texts", f"{FIELD}-social_images")


@contextmanager
def demo_site():
    """A demo site of its own in a folder that goes away; gives the passwords by user."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        for name in ("buildout.cfg", "versions.cfg"):
            shutil.copy(ROOT / name, home)
        for name in (".venv", "scripts"):
            (home / name).symlink_to(ROOT / name)
        command = [sys.executable, "scripts/start.py", PORT]
        server = Popen(command, cwd=home, stdout=DEVNULL)
        try:
            wait_for(lambda: server.poll() is None and answers(), 300, "the demo site")
            lines = (home / "etc" / "demo-users").read_text(encoding="utf-8").splitlines()
            yield dict(line.split(" / ") for line in lines)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def answers():
    try:
        with urlopen(URL, timeout=60):
            return True
    except (URLError, OSError):
        return False


def wait_for(true, seconds, what):
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            sys.exit(f"Waited {seconds} seconds for {what}, in vain.")
        time.sleep(1)


class Camera:
    def __init__(self, browser, passwords):
        self.browser = browser
        self.passwords = passwords
        self.contexts = {}

    def page(self, user, size="desktop"):
        """A page of somebody who is logged in; of a visitor, where `user` is ""."""
        if (user, size) not in self.contexts:
            viewport, scale = SIZES[size]
            context = self.browser.new_context(
                viewport=viewport, device_scale_factor=scale, locale="fr-FR", timezone_id="Europe/Paris"
            )
            page = context.new_page()
            page.set_default_timeout(90_000)
            if user:
                self.log_in(page, user)
            self.contexts[user, size] = page
        return self.contexts[user, size]

    def log_in(self, page, user):
        page.goto(f"{URL}/login")
        page.fill("#__ac_name", user)
        page.fill("#__ac_password", self.passwords[user])
        page.press("#__ac_password", "Enter")
        page.wait_for_load_state("networkidle")

    def shoot(self, name, user, path, prepare=lambda page: None, sizes=("desktop",), part=None):
        """`part`: selectors of the first and the last thing to show, when it is not the whole window."""
        for size in sizes:
            page = self.page(user, size)
            page.goto(f"{URL}/{path}")
            page.wait_for_load_state("networkidle")
            prepare(page)
            page.wait_for_load_state("networkidle")
            save(page.screenshot(clip=part and frame(page, *part)), IMAGES / f"{name}-{size}.png")


def frame(page, first, last):
    top, bottom = (page.locator(selector).bounding_box() for selector in (first, last))
    return {
        "x": top["x"] - MARGIN,
        "y": top["y"] - MARGIN,
        "width": top["width"] + 2 * MARGIN,
        "height": bottom["y"] + bottom["height"] - top["y"] + 2 * MARGIN,
    }


def save(png, path):
    """With 256 colours: a third of the weight, and nobody sees it."""
    Image.open(BytesIO(png)).convert("RGB").quantize(256).save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        sys.exit(f"{path} weighs {path.stat().st_size} bytes, more than {LARGEST}.")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")


def publish(page, news):
    page.goto(f"{URL}/{news}")
    page.goto(page.get_attribute("#workflow-transition-publish", "href"))


def scroll_to(selector, above=0):
    """At once: the theme would glide there."""
    script = "(found, above) => scrollTo({top: found.getBoundingClientRect().y + scrollY - above, behavior: 'instant'})"
    return lambda page: page.eval_on_selector(selector, script, above)


def open_fieldset(page):
    page.locator(".autotoc-nav a", has_text="Réseaux sociaux").click()
    page.wait_for_selector("[data-social-account] textarea")
    page.wait_for_load_state("networkidle")
    scroll_to(".autotoc-nav")(page)


def open_preview(page):
    open_fieldset(page)
    page.locator(".social-images img").first.scroll_into_view_if_needed()  # it is loaded when it is seen
    page.wait_for_load_state("networkidle")
    scroll_to(PREVIEW[0], MARGIN)(page)


def change_description(page, news):
    description = "80 % de produits bio et locaux, un repas végétarien chaque mardi : les menus des écoles."
    headers = {"Accept": "application/json"}
    page.request.patch(f"{URL}/{news}", data={"description": description}, headers=headers)


def approve_first(page):
    page.goto(f"{URL}/@@social-desk")
    page.locator("button[name=decision][value=approve]").first.click()
    page.wait_for_load_state("networkidle")


def news(page, state):
    """Paths of the demo site's news, in the folder's order."""
    query = f"portal_type=News+Item&review_state={state}&sort_on=getObjPositionInParent"
    answer = page.request.get(f"{URL}/actualites/@search?{query}", headers={"Accept": "application/json"})
    return [item["@id"].removeprefix(f"{URL}/") for item in answer.json()["items"]]


def arrived(page, text):
    page.goto(f"{URL}/@@social-sandbox")
    return page.locator(".social-feed article", has_text=text).count() > 0


def feed_shown(page):
    page.goto(f"{URL}/reseaux")
    return page.locator("#content .social-entry").count() > 0


def ready_for_ambassadors(camera, item):
    """A network beyond the training one, where a person posts: the words for it are approved."""
    page, headers = camera.page("webmaster"), {"Accept": "application/json"}
    panel = {"public_url": "https://www.exemple-saint-aubin.fr"}
    page.request.patch(f"{URL}/@controlpanels/social-territory", data=panel, headers=headers)
    account = {"types": ["News Item"], "by_itself": True, "validation": "none"}
    account["template"] = "{title}\n\n{description}\n\n{link}"
    page.request.patch(f"{URL}/social-accounts/linkedin-de-la-ville", data=account, headers=headers)
    publish(camera.page("editor"), item)


def main():
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with demo_site() as passwords, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable)
        camera = Camera(browser, passwords)
        music, works, canteen = news(camera.page("editor"), "private")
        council, *_others = news(camera.page("editor"), "published")
        camera.shoot("form", "editor", f"{works}/edit", open_fieldset)
        camera.shoot("preview", "editor", f"{works}/edit", open_preview, part=PREVIEW)
        for item in (canteen, works):
            publish(camera.page("editor"), item)
        camera.shoot("desk", "validator", "@@social-desk", sizes=SIZES)
        approve_first(camera.page("validator"))
        wait_for(lambda: arrived(camera.page("validator"), "Cantine"), 120, "the post")
        camera.shoot("sandbox", "validator", "@@social-sandbox")
        camera.shoot("networks-tab", "editor", f"{canteen}/@@social-networks")
        change_description(camera.page("editor"), canteen)
        camera.shoot("correction", "editor", f"{canteen}/@@social-networks", scroll_to(".lead", MARGIN))
        camera.shoot("controlpanel", "webmaster", "@@social-territory-controlpanel")
        camera.shoot("account", "webmaster", "social-accounts/reseau-dentrainement-de-la-ville")
        camera.shoot("share", "editor", works, scroll_to(".social-share", 600), sizes=SIZES)
        wait_for(lambda: feed_shown(camera.page("editor")), 120, "the feed")
        camera.shoot("feed", "editor", "reseaux", sizes=SIZES)
        camera.shoot("box", "editor", "cine-plein-air", sizes=SIZES)
        camera.shoot("listening", "moderator", "@@social-listening")
        camera.shoot("comments", "", council, scroll_to("#social-comments", MARGIN))
        camera.shoot("moderation", "moderator", "@@social-moderation", sizes=SIZES)
        ready_for_ambassadors(camera, music)
        camera.shoot("kit", "editor", f"{music}/@@social-kit", scroll_to("#kit-texts", MARGIN))
        browser.close()


if __name__ == "__main__":
    main()
