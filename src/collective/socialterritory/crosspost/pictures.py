"""The images of an item that its posts may carry: its own, then those of its text, in the order of reading."""

from AccessControl.PermissionRole import rolesForPermissionOn
from collections.abc import Iterator
from collections.abc import Sequence
from collective.socialterritory import images
from collective.socialterritory.crosspost.model import Image
from collective.socialterritory.crosspost.model import ImageSource
from collective.socialterritory.plain import whole
from contextlib import ExitStack
from contextlib import suppress
from itertools import islice
from lxml import html
from lxml.etree import LxmlError
from plone import api
from plone.uuid.interfaces import IUUID
from typing import Any
from typing import BinaryIO
from ZODB.POSException import POSKeyError

import hashlib
import re


MOST = 100
"""Images of a text that are looked at: no network takes as many, and each is asked of the catalogue"""
_INTERNAL = re.compile(r"resolveuid/([0-9a-fA-F]{32})(?:[/?#]|$)")


def pictures(obj: Any, of_text: bool) -> tuple[ImageSource, ...]:
    """`of_text`: with those of its rich text and its image blocks that are content of this site."""
    own = _source(obj, getattr(obj.aq_base, "image_caption", ""))
    found = {own.digest: own} if own else {}
    for uid, alt in islice(_of_text(obj), MOST) if of_text else ():
        holder = _holder(obj, uid)
        shown = holder is not None and _source(holder, alt or holder.Description(), uid)
        if shown:
            found.setdefault(shown.digest, shown)
    return tuple(found.values())


def opened(obj: Any, wanted: Sequence[Image]) -> list[BinaryIO] | None:
    """The files of these images, readable after the transaction; None when one is not there any more as it was."""
    fields = [field(obj, image) for image in wanted]
    if None in fields:
        return None
    with ExitStack() as closing:
        files = [closing.enter_context(images.file_of(one)) for one in fields]
        closing.pop_all()
    return files


def field(obj: Any, image: Image | ImageSource) -> Any:
    """The named file that holds the image; None when it is not there any more, or is another one."""
    holder = _holder(obj, image.place)
    found = getattr(holder.aq_base, "image", None) if holder is not None else None
    with suppress(POSKeyError):  # its file is missing from the blobs
        return found if found and _digest(found) == image.digest else None
    return None


def url(obj: Any, image: Image | ImageSource) -> str:
    """Where whoever may see the item sees the image, "" when that is gone."""
    holder = _holder(obj, image.place)
    return f"{holder.absolute_url()}/@@images/image/preview" if holder is not None else ""


def _holder(obj: Any, uid: str) -> Any:
    """The item itself, or what it shows; None for what visitors may not see, whoever put it into the text."""
    if not uid:
        return obj
    found = api.portal.get_tool("portal_catalog").unrestrictedSearchResults(UID=uid)
    holder = found[0]._unrestrictedGetObject() if found else None
    public = IUUID(holder, None) == uid and "Anonymous" in rolesForPermissionOn("View", holder)
    return holder if public else None


def _of_text(obj: Any) -> Iterator[tuple[str, str]]:
    """(UID, alt) of each image of the text: https://6.docs.plone.org/volto/blocks and resolveuid links of TinyMCE."""
    text = getattr(getattr(obj.aq_base, "text", None), "raw", None) or ""
    for tag in _tags(text):
        yield from _internal(tag.get("src"), tag.get("alt"))
    blocks = getattr(obj.aq_base, "blocks", None) or {}
    layout = getattr(obj.aq_base, "blocks_layout", None) or {}
    for id in layout.get("items", ()):
        block = blocks.get(id, {})
        if block.get("@type") == "image":
            yield from _internal(block.get("url"), block.get("alt"))


def _tags(text: str) -> list[Any]:
    try:
        return html.fragment_fromstring(text, create_parent=True).findall(".//img") if "<img" in text.lower() else []
    except (LxmlError, ValueError):  # what no browser would show either
        return []


def _internal(address: Any, alt: Any) -> Iterator[tuple[str, str]]:
    if isinstance(address, str) and (found := _INTERNAL.search(address)):
        yield found[1].lower(), alt if isinstance(alt, str) else ""


def _source(holder: Any, caption: str, place: str = "") -> ImageSource | None:
    picture = getattr(holder.aq_base, "image", None)
    if not getattr(picture, "getSize", None) or not picture.getSize():
        return None
    width, height = images.size(picture)
    size, words = picture.getSize(), whole(caption or "")
    return ImageSource(_digest(picture), picture.contentType, width, height, size, words, place)


def _digest(picture: Any) -> str:
    """SHA-256 of the bytes. Remembered on a stored blob while that is in memory, until it is written again."""
    blob = getattr(picture, "_blob", None)
    if blob is not None:
        blob._p_activate()  # until it is loaded it has no serial
    stored = blob is not None and blob._p_jar is not None and not blob._p_changed and blob._p_serial
    known = getattr(blob, "_v_social_digest", None)
    if stored and known and known[0] == stored:
        return str(known[1])
    with images.file_of(picture) as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if stored:
        blob._v_social_digest = stored, digest
    return digest
