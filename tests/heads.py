"""What the head of a page says, as networks and search engines read it over HTTP."""

from bs4 import BeautifulSoup
from io import BytesIO
from PIL import Image
from plone.namedfile.file import NamedBlobImage

import json


class Head:
    """`all`: name of each <meta> -> its contents."""

    def __init__(self, client, path, **params):
        answer = client.session.get(f"{client.url}/{path}", headers={"Accept": "text/html"}, params=params, timeout=60)
        assert answer.status_code == 200, path
        self.soup = BeautifulSoup(answer.content, "html.parser")
        self.all = {}
        for tag in self.soup.find_all("meta"):
            name = tag.get("property") or tag.get("name")
            self.all.setdefault(name, []).append(tag.get("content"))

    def __getitem__(self, name):
        """The one content of a tag that must be there once."""
        (content,) = self.all[name]
        return content

    def get(self, name):
        return self.all.get(name, [])

    @property
    def data(self):
        (script,) = self.soup.find_all("script", type="application/ld+json")
        return json.loads(script.string)

    @property
    def canonical(self):
        (link,) = self.soup.find_all("link", rel="canonical")
        return link["href"]


def picture(width=1600, height=1000, kind="JPEG"):
    out = BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, kind)
    return NamedBlobImage(out.getvalue(), f"image/{kind.lower()}", f"a.{kind.lower()}")
