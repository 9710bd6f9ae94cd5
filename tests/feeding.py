"""A server of feeds and pictures on loopback, which keeps to what HTTP says of conditional requests.

::

    with Feeding() as server:
        server.put("/feed.xml", ATOM, "application/atom+xml")
        server.calls["/feed.xml"], server.spared["/feed.xml"]   # how often asked; how often nothing had changed
"""

from collections import Counter
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.worker import look_at_all
from collective.socialterritory.interfaces import IJob
from faults import Faulty
from faults import Said
from io import BytesIO
from PIL import Image
from plone import api
from typing import Any
from working import work
from zope.component import getUtility
from zope.globalrequest import setRequest

import hashlib
import transaction


class Feeding(Faulty):
    def __init__(self, delay: float = 0.0, hold: float = 1.5) -> None:
        super().__init__(delay, hold)
        self.pages: dict[str, Said] = {}
        self.spared: Counter[str] = Counter()

    def put(self, path: str, body: bytes | str, kind: str = "application/rss+xml", status: int = 200) -> str:
        """The address where it is from now on."""
        data = body.encode() if isinstance(body, str) else body
        with self.lock:
            self.pages[path] = Said(status, data, kind, {"ETag": f'"{hashlib.md5(data).hexdigest()}"'})
        return f"{self.url}{path}"

    def gone(self, path: str) -> None:
        with self.lock:
            self.pages.pop(path, None)

    def method(self, verb: str, path: str) -> str:
        return path

    def carry_out(self, verb: str, path: str, query: str, headers: Any, sent: bytes) -> Said:
        page = self.pages.get(f"{path}?{query}" if query else path)
        if verb != "GET" or page is None:
            return Said(404, b"<h1>Not found</h1>", "text/html")
        if headers.get("If-None-Match") == page.headers["ETag"]:
            self.spared[path] += 1
            return Said(304, b"", page.kind, page.headers)
        return page

    def trouble(self, fault: str) -> Said:
        if fault == "429":
            return Said(429, b"", "text/plain", {"Retry-After": str(self.retry_after)})
        return Said(500, b"Internal Server Error", "text/plain")

    @property
    def environ(self) -> dict[str, str]:
        return {"SOCIALTERRITORY_ALLOW": self.host}


def picture(width: int = 800, height: int = 600, colour: str = "teal") -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


def rss(*items: dict[str, str], title: str = "Town hall") -> str:
    """A feed of items with title, link, text, when (RFC 822), image (an address), alt."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>{title}</title><link>https://www.town.example/</link><description>News</description>
{"".join(map(_item, items))}</channel></rss>"""


def _item(item: dict[str, str]) -> str:
    image = item.get("image", "")
    media = f'<media:content url="{image}" medium="image"><media:description>{item.get("alt", "")}</media:description>'
    return f"""<item><title>{item["title"]}</title><link>{item.get("link", "https://www.town.example/" + item["title"])}
</link><description>{item.get("text", "")}</description>
<pubDate>{item.get("when", "Sun, 22 Nov 2026 10:00:00 +0100")}</pubDate>
{media + "</media:content>" if image else ""}</item>
"""


def followed(town: Any, url: str, **more: Any) -> Any:
    """A source of that address, which was looked at once."""
    with api.env.adopt_roles(["Manager"]):
        fields = {"title": "News", "kind": "feed", "where": url, **more}
        made = api.content.create(town.site[content.CONTAINER], content.SOURCE, **fields)
    transaction.commit()
    work(town.functional)
    setRequest(town.functional["request"])
    return made


def hurry(town: Any) -> None:
    """The worker looks at every source again."""
    look_at_all()
    try:
        work(town.functional)
    finally:
        getUtility(IJob, "refresh").hurry = False
    setRequest(town.functional["request"])
