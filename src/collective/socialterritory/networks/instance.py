"""What a server of the Mastodon kind says of itself, and the limits that follow from it.

Facts, all text: chars, link, images, alt, bytes, pixels, types, software, version.
"""

from collections.abc import Callable
from collections.abc import Mapping
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from collective.socialterritory.http.guard import target
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.text import codepoints
from collective.socialterritory.text import tooted
from functools import lru_cache
from math import isqrt
from typing import Any

import re


_TYPES = ("image/jpeg", "image/png")
_AROUND = " \t\r\n\xa0\u202f\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BOUNDS = {
    "chars": (500, 50, 100_000),
    "link": (23, 1, 500),
    "images": (4, 1, 16),
    "alt": (1500, 1, 100_000),
    "bytes": (2_000_000, 50_000, 100_000_000),
    "pixels": (4_000_000, 10_000, 10**9),
}
"""What a server may say of itself: the value when it says nothing or nonsense, the least and the most"""


def facts_of(instance: Mapping[str, Any]) -> dict[str, str]:
    """https://docs.joinmastodon.org/entities/Instance and V1_Instance; Pleroma has some of it at the top."""
    told = part(instance, "configuration")
    statuses, media = part(told, "statuses"), part(told, "media_attachments")
    numbers = {
        "chars": part(statuses, "max_characters") or instance.get("max_toot_chars"),
        "link": part(statuses, "characters_reserved_per_url"),
        "images": part(statuses, "max_media_attachments"),
        "alt": part(media, "description_limit") or instance.get("description_limit"),
        "bytes": part(media, "image_size_limit"),
        "pixels": part(media, "image_matrix_limit"),
    }
    types = part(media, "supported_mime_types")
    kept = [mime for mime in _TYPES if isinstance(types, list) and mime in types] or _TYPES
    facts = {name: str(_bounded(name, value)) for name, value in numbers.items()}
    return {**facts, "types": " ".join(kept), "version": word(instance.get("version"))}


@lru_cache
def _measure(link: int, whole: bool) -> Callable[[str], int]:
    """`whole`: GoToSocial counts links in full whatever it says, and of an unknown server the same is feared."""
    return lambda text: max(tooted(text, link), codepoints(text) if whole else 0)


def limits_of(facts: Mapping[str, str]) -> Limits:
    told = {name: int(value) for name, value in facts.items() if name in _BOUNDS and re.fullmatch("[0-9]{1,10}", value)}
    numbers = {name: _bounded(name, told.get(name)) for name in _BOUNDS}
    types = facts.get("types", "").split()
    return Limits(
        text=numbers["chars"],
        measure=_measure(numbers["link"], facts.get("software") != "mastodon"),
        images=numbers["images"],
        alt=numbers["alt"],
        image_bytes=numbers["bytes"],
        image_side=min(2000, isqrt(numbers["pixels"])),
        card=False,
        chain=True,
        image_types=tuple(mime for mime in _TYPES if mime in types) or _TYPES,
    )


def _bounded(name: str, value: object) -> int:
    default, least, most = _BOUNDS[name]
    return value if type(value) is int and least <= value <= most else default


def origin_of(http: Http, typed: str) -> str:
    """The server of what people type: a name, a page of it or an account. Tokens go there: only under TLS.

    "host:port" without TLS is for the person who runs our server to allow.
    """
    wrong = Rejected("server_invalid", server=typed[:100])
    scheme, _, rest = typed.strip(_AROUND).partition("://") if "://" in typed else ("", "", typed.strip(_AROUND))
    place = re.split(r"[/?#]", rest)[0].lower().rstrip(".")
    place = place if scheme else place.rpartition("@")[2]
    plain = place in http.allow and scheme.lower() != "https" and not place.endswith(":443")
    if scheme.lower() not in ("", "https", "http") or (scheme.lower() == "http" and ":" in place and not plain):
        raise wrong
    try:
        where = target(f"{'http' if plain else 'https'}://{place}", http.allow)
    except Transient as error:
        raise error if error.code == "forbidden_port" else wrong from error
    if not where.allowed and "." not in where.host and ":" not in where.host:
        raise wrong
    return f"{where.scheme}://{where.authority}"
