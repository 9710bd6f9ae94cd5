"""LinkedIn pages: linked by consent in an approved app, one account for each page, looked up after a doubt.

Facts: https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api, /multiimage-post-api and
/images-api, /organizations/organization-access-control-by-role. LinkedIn knows no idempotency key, but refuses to say
the same twice. Errors of all calls: those of `restli.ask` and `content`.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory import clock
from collective.socialterritory.environment import setting
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.networks import finding
from collective.socialterritory.networks import little
from collective.socialterritory.networks import organisations
from collective.socialterritory.networks import restli
from collective.socialterritory.networks import updates
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.entries import Reading
from collective.socialterritory.networks.model import Client
from collective.socialterritory.networks.model import Connection
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.model import Field
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Picture
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Receipt
from collective.socialterritory.networks.reading import Free
from collective.socialterritory.text import codepoints
from collective.socialterritory.text import cut
from datetime import datetime
from datetime import timedelta
from operator import attrgetter
from typing import Any
from urllib.parse import urlsplit

import re


DISTRIBUTION = {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []}
TITLE, DESCRIPTION = 400, 4000
"""Code points of an article's"""


class LinkedIn(Free, Network):
    """Credentials: client_id, client_secret, account (the organisation's number), handle (its name), access, and of an
    approved app refresh and ends, when `access` is over.
    """

    id = "linkedin"
    title = "LinkedIn"
    icon = "linkedin"
    share_template = "https://www.linkedin.com/sharing/share-offsite/?url={url}"
    home = "linkedin.com"
    limits = Limits(text=3000, measure=little.characters, images=20, image_bytes=5_000_000, card_pictures=1)
    permalink = r"https://(www\.)?linkedin\.com/(?P<post>posts/[^/?#\s]+|feed/update/urn:li:\w+:\d+)/?([?#]\S*)?"
    settle = 60.0
    app_fields = (Field("client_id"), Field("client_secret", secret=True))
    scopes = ("w_organization_social", "r_organization_social", "rw_organization_admin")
    rewrites = frozenset({"text"})
    at_once = updates.MEASURED

    def origins(self, credentials: Credentials) -> list[str]:
        """Nobody needs them before an account is linked: most bodies post by hand."""
        return list(dict.fromkeys((restli.api(), restli.page()))) if credentials else []

    def client(self, http: Http, answers: Mapping[str, str], redirect_uri: str) -> Client:
        """Codes: consent_failed. LinkedIn refuses who proves with PKCE that a code is theirs, which it does not know:
        https://github.com/UsefulSoftwareCo/executor/issues/2087
        """
        id, secret = (answers.get(field.name, "").strip() for field in self.app_fields)
        if not f"{id}{secret}".isascii():
            raise Rejected("consent_failed", reason="client_id, client_secret")
        oauth = f"{restli.page()}/oauth/v2"
        return Client(id, secret, f"{oauth}/authorization", f"{oauth}/accessToken", pkce=False)

    def identify(self, http: Http, client: Client, tokens: Mapping[str, str]) -> Sequence[Connection]:
        """One for each organisation that the person may post for. Codes of its own: no_organisation, not_approved."""
        known = {"client_id": client.id, "client_secret": client.secret, "access": tokens["access_token"]}
        lasts, end = _end(tokens.get("refresh_token_expires_in")), _end(tokens.get("expires_in"))
        if refresh := tokens.get("refresh_token"):
            known |= {"refresh": refresh, "ends": end.isoformat() if end else ""}
        try:
            found = organisations.led(http, known)
        except Unauthorized as error:
            if error.code != "scopes":
                raise
            raise Rejected("not_approved", **error.params) from error
        if not found:
            raise Rejected("no_organisation")
        return [
            Connection(one, {**known, "account": one.id, "handle": one.name}, lasts if refresh else end)
            for one in found
        ]

    def whoami(self, http: Http, credentials: Credentials) -> Identity:
        """Codes of its own: role_lost, linkedin_version_old (posts still leave)."""
        for one in organisations.led(http, credentials):
            if one.id == credentials["account"]:
                if restli.outlived(clock.now()):
                    raise Transient("linkedin_version_old", host=restli.host(), version=restli.version())
                return one
        raise Unauthorized("role_lost", host=restli.host())

    def ends(self, credentials: Credentials) -> datetime | None:
        return datetime.fromisoformat(credentials["ends"]) if credentials.get("ends") else None

    def refresh(self, http: Http, credentials: Credentials) -> Credentials:
        """An app that was not approved for it is given no token of renewal: a person reconnects every 60 days.

        https://learn.microsoft.com/linkedin/shared/authentication/programmatic-refresh-tokens
        """
        if not credentials.get("refresh"):
            raise Unauthorized("expired", host=restli.host())
        form = {"grant_type": "refresh_token", "refresh_token": credentials["refresh"]}
        form |= {name: credentials[name] for name in ("client_id", "client_secret")}
        try:
            said = restli.call(http, credentials, f"{restli.page()}/oauth/v2/accessToken", data=form, headers={})
        except Rejected as error:
            raise Unauthorized("unauthorized", **error.params) from error
        access, refresh = word(said.get("access_token"), 2000), word(said.get("refresh_token"), 2000)
        if not access or not f"{access}{refresh}".isascii():
            raise Transient("not_json", host=restli.host())
        end = _end(said.get("expires_in"))
        new = {"access": access, "refresh": refresh or credentials["refresh"], "ends": end.isoformat() if end else ""}
        return {**credentials, **new}

    def publish(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt:
        """OutcomeUnknown("duplicate", host): LinkedIn has such a post, which is not to be seen, or is an older one;
        OutcomeUnknown("ghost", host): it took the post, which is not to be seen.
        """
        body: dict[str, Any] = {
            "author": updates.author(credentials),
            "commentary": little.escaped(post.text),
            "visibility": "PUBLIC",
            "distribution": DISTRIBUTION,
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        if attached := _attached(http, credentials, post):
            body["content"] = attached
        try:
            answer = restli.ask(http, credentials, "/rest/posts", writes=True, json=body)
        except Rejected as error:
            if error.code != "duplicate":
                raise
            return _said_before(http, credentials, post, error.params["urn"])
        id = answer.headers.get("x-restli-id", "")
        if answer.status != 201 or not restli.POST.fullmatch(id):
            raise OutcomeUnknown("not_json", host=restli.host())
        return _verified(http, credentials, id)

    def find(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt | None:
        """By text or link among what the page said lately. Codes of its own: not_yet_sure, too_many_posts."""
        for update in finding.lately(updates.listed(http, credentials), attrgetter("at"), post):
            if finding.same(post, update.text, update.links):
                return _receipt(update.id)
        if not finding.sure(post):
            raise Transient("not_yet_sure", host=restli.host())
        return None

    def edit(self, http: Http, credentials: Credentials, id: str, post: Post) -> Receipt:
        """LinkedIn keeps the pictures and the card."""
        patch = {"patch": {"$set": {"commentary": little.escaped(post.text)}}}
        try:
            restli.told(http, credentials, updates.path(id), rest="PARTIAL_UPDATE", json=patch)
        except Rejected as error:
            if not restli.gone(error):
                raise
            raise Rejected("post_gone", host=restli.host()) from error
        return _receipt(id)

    def delete(self, http: Http, credentials: Credentials, id: str) -> None:
        try:
            restli.told(http, credentials, updates.path(id), rest="DELETE", method="DELETE")
        except Rejected as error:
            if not restli.gone(error):
                raise

    def read(self, http: Http, credentials: Credentials, limit: int, since: str = "") -> Reading:
        return updates.read(http, credentials, limit, since)

    def measure(self, http: Http, credentials: Credentials, ids: Sequence[str]) -> Mapping[str, Counts]:
        return updates.measure(http, credentials, ids)


def _end(seconds: object) -> datetime | None:
    """Of what is good for so long; None when LinkedIn did not say it."""
    known = word(seconds)
    return clock.now() + timedelta(seconds=int(known)) if re.fullmatch(r"[0-9]{1,9}", known) else None


def _attached(http: Http, credentials: Credentials, post: Post) -> dict[str, Any]:
    ids = [_upload(http, credentials, picture) for picture in post.pictures]
    if post.card:
        card = {"source": post.card.url, "title": cut(post.card.title, TITLE, codepoints)}
        more = {"description": cut(post.card.description, DESCRIPTION, codepoints), "thumbnail": "".join(ids[:1])}
        return {"article": card | {name: value for name, value in more.items() if value}}
    told = [
        {"id": id} | ({"altText": picture.alt} if picture.alt else {})
        for id, picture in zip(ids, post.pictures, strict=True)
    ]
    if len(told) > 1:
        return {"multiImage": {"images": told}}
    return {"media": told[0]} if told else {}


def _upload(http: Http, credentials: Credentials, picture: Picture) -> str:
    """The id of a picture. Without a post nobody sees it, so no failure of it is a doubt."""
    asked = {"initializeUploadRequest": {"owner": updates.author(credentials)}}
    said = restli.call(http, credentials, "/rest/images?action=initializeUpload", json=asked).get("value")
    id, where = word(part(said, "image")), word(part(said, "uploadUrl"), 2000)
    if not id.startswith("urn:li:image:") or not _is_ours(where):
        raise Transient("not_json", host=restli.host())
    headers = {"Authorization": f"Bearer {credentials['access']}", "Content-Type": picture.mime}
    if restli.ask(http, credentials, where, method="PUT", data=picture.data, headers=headers).status != 201:
        raise Transient("not_json", host=restli.host())
    return id


def _is_ours(url: str) -> bool:
    """Whether the token may go there: to LinkedIn alone, whoever wrote the answer."""
    parts = urlsplit(url)
    if trial := setting("SOCIALTERRITORY_LINKEDIN"):
        return (parts.scheme, parts.netloc) == urlsplit(trial)[:2]
    return parts.scheme == "https" and bool(re.fullmatch(r"([a-z0-9-]+\.)*linkedin\.com", parts.netloc))


def _said_before(http: Http, credentials: Credentials, post: Post, urn: str) -> Receipt:
    """The post that LinkedIn names may be one that is gone: https://github.com/ComposioHQ/composio/issues/2710"""
    try:
        update = updates.look(http, credentials, urn) if urn else None
    except NetworkError as error:
        raise OutcomeUnknown("duplicate", host=restli.host()) from error
    if update is None or update.at < post.created - finding.CLOCKS or update.author != updates.author(credentials):
        raise OutcomeUnknown("duplicate", host=restli.host())
    return _receipt(update.id)


def _verified(http: Http, credentials: Credentials, id: str) -> Receipt:
    """LinkedIn said that it is there. Only that it is not is news: any other failure of this question says nothing."""
    try:
        update = updates.look(http.within(5), credentials, id)
    except NetworkError:
        return _receipt(id)
    if update is None:
        raise OutcomeUnknown("ghost", host=restli.host())
    return _receipt(id)


def _receipt(id: str) -> Receipt:
    return Receipt(id, updates.url(id))


network = LinkedIn()
