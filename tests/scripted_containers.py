"""What the scripted Instagram and Threads have in common: containers, whose pictures they fetch, published once.

https://developers.facebook.com/docs/instagram-platform/content-publishing and https://developers.facebook.com/docs/threads/posts
"""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from io import BytesIO
from PIL import Image
from scripted_consent import Forms
from scripted_facebook_methods import Refusal
from typing import Any

import requests


DAY = timedelta(hours=24)
MOST_BYTES = 8 * 1024 * 1024


@dataclass
class Container:
    id: str
    owner: Any
    made: datetime
    form: dict[str, str]
    pictures: list[dict[str, Any]] = field(default_factory=list)
    """data and alt of each"""
    slow: int = 0
    """How often it is still to be said that it is not ready"""
    broken: str = ""
    """Why it is in error"""
    published: bool = False


class Shelf:
    """What of such a server's state is about containers.

    `slow`: how often a new container is not ready yet; `break_next`: why the next one will be in error. `most`: posts
    that an account may publish in 24 hours. `reach`: from the address of a picture to where it is fetched.
    """

    now: Callable[[], datetime]

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.containers: dict[str, Container] = {}
        self.slow, self.break_next, self.quota = 0, "", 250
        self.reach: Callable[[str], str] = lambda url: url
        self.twice: list[str] = []
        """Containers that somebody wanted to publish although they were published"""


class Containers(Forms):
    """What of the methods is about containers. `ratios`, `kinds`: of the pictures that the network takes."""

    state: Any
    ratios: tuple[float, float]
    kinds: tuple[str, ...]
    keys: frozenset[str]
    most_items: int

    def contained(self, owner: Any, form: dict[str, str]) -> Any:
        self.check(set(form) <= self.keys, f"Unknown parameter {sorted(set(form) - self.keys)}")
        self.check(len(form.get("alt_text", "")) <= 1000, "alt_text is too long")
        self.check(form.get("is_carousel_item", "true") == "true", "is_carousel_item must be true")
        pictures = []
        if form.get("media_type") == "CAROUSEL":
            self.check("image_url" not in form and "is_carousel_item" not in form, "A carousel has children alone")
            pictures = self._children(owner, form["children"].split(","))
        elif "image_url" in form:
            self.check("children" not in form, "Only a carousel has children")
            pictures = [{"data": self._fetched(form["image_url"]), "alt": form.get("alt_text", "")}]
        made = Container(self.state.number(), owner, self.state.now(), form, pictures, self.state.slow)
        made.broken, self.state.break_next = self.state.break_next, ""
        self.state.containers[made.id] = made
        return {"id": made.id}

    def _children(self, owner: Any, ids: list[str]) -> list[dict[str, Any]]:
        known = [self.state.containers.get(id) for id in ids]
        right = all(one and one.owner is owner and "is_carousel_item" in one.form for one in known)
        if not right or not 2 <= len(known) <= self.most_items:
            raise Refusal(400, 100, "The children of the carousel are not valid", 2207028)
        return [picture for one in known for picture in one.pictures]

    def _fetched(self, url: str) -> bytes:
        try:
            answer = requests.get(self.state.reach(url), timeout=10, allow_redirects=False)
        except (requests.RequestException, ValueError):
            answer = None
        if answer is None or answer.status_code != 200:
            words = "The media could not be fetched from this URI"
            raise Refusal(400, 9004, words, 2207052, error_user_msg=f"Only photo or video can be accepted: {url[:40]}")
        if len(answer.content) > MOST_BYTES:
            raise Refusal(400, 36000, "The image size is too large.", 2207004)
        try:
            with Image.open(BytesIO(answer.content)) as image:
                image.load()
                kind, ratio = image.format, image.width / image.height
        except OSError:
            kind, ratio = "", 1.0
        if kind not in self.kinds or answer.headers["content-type"] != Image.MIME[kind]:
            raise Refusal(400, 36001, "The image format is not supported.", 2207005)
        if not self.ratios[0] <= ratio <= self.ratios[1]:
            raise Refusal(400, 36003, "The submitted image has an invalid aspect ratio.", 2207009)
        return answer.content

    def standing(self, made: Container) -> str:
        """Asking is what makes a slow one ready."""
        if made.published:
            return "PUBLISHED"
        if self.state.now() - made.made > DAY:
            return "EXPIRED"
        if made.broken:
            return "ERROR"
        if made.slow:
            made.slow -= 1
            return "IN_PROGRESS"
        return "FINISHED"

    def taken(self, owner: Any, id: str, published: int) -> Container:
        """The container that is published now."""
        made = self.state.containers.get(id)
        if made is None or made.owner is not owner or "is_carousel_item" in made.form:
            raise Refusal(400, 24, "The media builder with this id does not exist", 2207006)
        if made.published:
            self.state.twice.append(id)
            raise Refusal(400, 24, "The media was published already", 2207006)
        stands = "IN_PROGRESS" if made.slow else self.standing(made)
        if stands == "IN_PROGRESS":
            raise Refusal(400, 9007, "Media ID is not available", 2207027)
        if stands == "EXPIRED":
            raise Refusal(400, -2, "The media you are trying to access has expired", 2207020)
        self.check(stands == "FINISHED", "The container is in error")
        if published >= self.state.quota:
            raise Refusal(400, 9, "You reached maximum number of posts that is allowed to be published", 2207042)
        made.published = True
        return made
