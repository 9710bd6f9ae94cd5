"""The nouns of sharing: where a visitor can pass a page on, the page, and the links that come of both."""

from collections.abc import Callable
from collective.socialterritory.text import codepoints
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """`template`: as Network.share_template, with {here}, the item's address on this site, as well."""

    id: str
    title: str = ""
    """Name people know; "" where messages.SHARES has the words"""
    template: str = ""
    icon: str = "share"
    limit: int = 300
    """Longest title with its link, by `measure`; 0: no limit. Mail programs and messengers cut long addresses"""
    measure: Callable[[str], int] = codepoints
    script: bool = False
    """No address: the browser does it, where it can"""


TARGETS = (
    # https://faq.whatsapp.com/5913398998672934
    Target("whatsapp", "WhatsApp", "https://wa.me/?text={text}", "whatsapp"),
    # https://core.telegram.org/widgets/share
    Target("telegram", "Telegram", "https://t.me/share/url?url={url}&text={title}", "telegram"),
    # https://www.rfc-editor.org/rfc/rfc6068
    Target("email", "", "mailto:?subject={title}&body={title}%0D%0A%0D%0A{url}", "envelope"),
    Target("qr", "", "{here}/@@social-share-qr", "qr-code"),
    Target("copy", icon="link-45deg", script=True),
    Target("print", icon="printer", script=True),
    Target("sheet", icon="box-arrow-up", script=True),
)
"""What is no network of ours"""


@dataclass(frozen=True, slots=True)
class Page:
    """What is passed on. `url`: the address for visitors. `here`: the item's address on this site."""

    url: str
    title: str
    here: str


@dataclass(frozen=True, slots=True)
class ShareLink:
    """`server`: the address at a server that only the visitor knows, with {host}; `url` leads to where it is asked.

    `url` is "" where the browser does it.
    """

    id: str
    title: str
    url: str
    icon: str
    server: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """An account's page at its network. `name`: who we are there."""

    network: str
    network_title: str
    name: str
    url: str
    icon: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """A text to pass on, its link included, and where: `links` are of those targets that have one."""

    text: str
    targets: tuple[Target, ...]
    links: tuple[ShareLink, ...]
