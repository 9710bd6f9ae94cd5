"""Style and script that come along with a box: when viewlets and portlets are drawn, the head of the page is out."""

from collective.socialterritory.interfaces import PREFIX
from functools import cache
from hashlib import sha256
from pathlib import Path
from plone import api


STATIC = Path(__file__).parent / "browser" / "static"


def asset(name: str) -> str:
    """The address of a file of ours, another one when it changes: browsers may keep it for ever."""
    return f"{api.portal.get().absolute_url()}/++plone++{PREFIX}/++unique++{_version(name)}/{name}"


@cache
def _version(name: str) -> str:
    return sha256((STATIC / name).read_bytes()).hexdigest()[:12]
