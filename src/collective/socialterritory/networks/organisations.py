"""The organisations for which a person may post at LinkedIn.

Facts: https://learn.microsoft.com/linkedin/marketing/community-management/organizations/organization-access-control-by-role
and /organization-lookup-api. Errors: those of `restli.call`.
"""

from collections.abc import Sequence
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from collective.socialterritory.networks import restli
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.model import Identity
from urllib.parse import quote

import re


ROLES = frozenset({"ADMINISTRATOR", "CONTENT_ADMINISTRATOR"})
"""Who has one of them may post and read what the page said"""
URN = "urn:li:organization:"


def led(http: Http, credentials: Credentials) -> list[Identity]:
    """Those for which the person may post."""
    query = "q=roleAssignee&state=APPROVED&count=100"
    said = restli.call(http, credentials, f"/rest/organizationAcls?{query}", rest="FINDER").get("elements")
    if not isinstance(said, list):
        raise Transient("not_json", host=restli.host())
    mine = [row for row in said if part(row, "role") in ROLES and part(row, "state") == "APPROVED"]
    urns = dict.fromkeys(word(part(row, "organization") or part(row, "organizationTarget")) for row in mine)
    ids = [urn.removeprefix(URN) for urn in urns if re.fullmatch(rf"{URN}[0-9]+", urn)]
    return _named(http, credentials, ids) if ids else []


def _named(http: Http, credentials: Credentials, ids: Sequence[str]) -> list[Identity]:
    found = restli.call(http, credentials, f"/rest/organizationsLookup?ids={restli.listing(ids)}").get("results")
    if not isinstance(found, dict):
        raise Transient("not_json", host=restli.host())
    names = {id: word(part(found.get(id), "localizedName")) for id in ids}
    paths = {id: word(part(found.get(id), "vanityName")) or id for id in ids}
    return [Identity(id, names[id], f"{restli.PAGE}/company/{quote(paths[id], safe='')}") for id in ids if names[id]]
