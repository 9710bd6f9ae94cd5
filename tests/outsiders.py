"""Somebody who has no account: pages and their forms over HTTP, as a browser without JavaScript has them."""

from lxml import html

import requests
import transaction


class Outsider:
    """`url`: of the site. `page` is the page that is open, `answer` how it came."""

    def __init__(self, url, auth=None):
        self.url, self.session = url, requests.Session()
        self.session.auth = auth
        self.answer = self.page = None

    def get(self, path, method="GET", **options):
        return self._opened(method, path if path.startswith("http") else f"{self.url}/{path}", **options)

    def post(self, path, **fields):
        return self._opened("POST", path if path.startswith("http") else f"{self.url}/{path}", data=fields)

    def send(self, button="", form=None, **fields):
        """The form that has this button, or the first of the page's own, with other values in its fields."""
        form = self.form(button) if form is None else form
        known = dict(form.form_values())
        pressed = {button: "1"} if button else {}
        return self._opened("POST", form.action, data={**known, **pressed, **fields})

    def form(self, button=""):
        found = [form for form in self.page.forms if form.method == "POST" and "content-core" in path(form)]
        return next(form for form in found if not button or form.xpath(f".//button[@name='{button}']"))

    def forms(self):
        """Names of the buttons that can be pressed."""
        return set(self.page.xpath("//*[@id='content-core']//form//button/@name"))

    @property
    def text(self):
        """What the page's own part says, in one line."""
        return " ".join(self.page.get_element_by_id("content-core").text_content().split())

    @property
    def messages(self):
        return " ".join(" ".join(self.page.xpath("//*[contains(@class, 'portalMessage')]//text()")).split())

    def _opened(self, method, url, **options):
        self.answer = self.session.request(method, url, timeout=30, **options)
        transaction.begin()
        if self.answer.status_code >= 500:
            raise AssertionError(self.answer.text[-3000:])
        if self.answer.text:
            self.page = html.fromstring(self.answer.text, base_url=self.answer.url)
            self.page.make_links_absolute()
        return self


def path(element):
    return {one.get("id") for one in element.iterancestors()}
