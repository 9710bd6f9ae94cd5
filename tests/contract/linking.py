"""The way of consent at a scripted server, for tests of networks that `Consents`."""

from collective.socialterritory.accounts.consent import Consent
from collective.socialterritory.accounts.consent import load
from scripted_consent import BACK
from urllib.parse import parse_qsl
from urllib.parse import urlsplit


def consented(network, server, http, *button, typed=None):
    """The client, the question, and what the person brings back. `typed`: by a webmaster, else of a new app."""
    client = network.client(http, typed or server.app(), BACK)
    consent = load(Consent(client, BACK, network.scopes).dump())
    assert consent.client == client
    back = dict(parse_qsl(urlsplit(server.consent(consent.address(), *button)).query))
    assert back["state"] == consent.state
    return client, consent, back
