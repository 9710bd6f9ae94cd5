"""Bluesky from what a webmaster types to the server that holds the account, on the scripted server."""

from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.networks.bluesky import network
from contract.base import caught
from scripted_methods import Methods

import pytest


def connecting(http, handle):
    return lambda: network.connect(http, {"handle": handle, "app_password": "x"})


@pytest.mark.parametrize(
    "handle", ["", "mairie", "mairie@example.fr", "-a.fr", "a..fr", "été.fr", "1.2", "a" * 300 + ".fr"]
)
def test_no_handle(http, handle):
    assert caught(connecting(http, handle), Rejected).code == "handle_invalid"


def test_what_is_no_handle_is_quoted_as_it_was_typed(http):
    error = caught(connecting(http, "Mairie de Saint-Aubin"), Rejected)
    assert error.params["handle"] == "Mairie de Saint-Aubin"


@pytest.mark.parametrize(
    "typed",
    ["@Mairie.example", " mairie.example ", "https://bsky.app/profile/mairie.example/", "\u202amairie.example\u202c"],
)
def test_ways_to_type_a_handle(http, account, typed):
    answers = {"handle": typed, "app_password": account.password}
    assert network.connect(http, answers).identity.url == "https://bsky.app/profile/mairie.example"


def test_unknown_handle(http, account):
    assert caught(connecting(http, "personne.example"), Rejected).code == "handle_unknown"


def test_nobody_to_ask(server, http):
    server.down()
    assert caught(connecting(http, "personne.example"), Transient).code == "refused_connection"


def test_the_handles_own_server_is_asked_when_the_resolver_is_down(server, http, account, monkeypatch):
    get = http.get
    server.script("resolveHandle", "html_502")

    def well_known(url, **options):
        if url == "https://mairie.example/.well-known/atproto-did":
            return type("Answer", (), {"status": 200, "body": f"{account.did}\n".encode()})()
        return get(url, **options)

    monkeypatch.setattr(http, "get", well_known)
    answers = {"handle": account.handle, "app_password": account.password}
    assert network.connect(http, answers).identity.id == account.did


def document(monkeypatch, **changes):
    method = "scripted_methods.Methods.document"
    original = Methods.document
    monkeypatch.setattr(method, lambda self, did: original(self, did) | changes)


def service(endpoint):
    return [{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": endpoint}]


@pytest.mark.parametrize(
    "changes, error, code",
    [
        ({"alsoKnownAs": ["at://autre.example"]}, Rejected, "handle_mismatch"),
        ({"alsoKnownAs": None}, Rejected, "handle_mismatch"),
        ({"id": "did:plc:" + "a" * 24}, Rejected, "handle_mismatch"),
        ({"service": []}, Rejected, "pds_missing"),
        ({"service": ["x", {"id": "#other"}]}, Rejected, "pds_missing"),
        ({"service": service("http://pds.example")}, Rejected, "pds_insecure"),
        ({"service": service("file:///etc/passwd")}, Rejected, "pds_insecure"),
        ({"service": service("https://127.0.0.1")}, Transient, "forbidden_address"),
        ({"service": service("https://[::ffff:10.0.0.1]")}, Transient, "forbidden_address"),
        ({"service": service("https://pds.example:2583")}, Transient, "forbidden_port"),
        ({"service": service("https://pds.invalid")}, Transient, "pds_unreachable"),
    ],
)
def test_documents(http, account, monkeypatch, changes, error, code):
    document(monkeypatch, **changes)
    assert caught(connecting(http, account.handle), error).code == code


@pytest.mark.parametrize("fault", ["html_200", "json_broken"])
def test_a_directory_that_answers_html(server, http, account, fault):
    server.script(f"/{account.did}", fault)
    assert caught(connecting(http, account.handle), Transient).code == "not_json"


def test_did_web(server, http, account, monkeypatch):
    did = f"did:web:127.0.0.1%3A{server.host.rpartition(':')[2]}"
    account.did = did
    known = {"id": did, "alsoKnownAs": [f"at://{account.handle}"], "service": service(server.url)}
    original = Methods.run
    run = lambda self, method: known if method == "/.well-known/did.json" else original(self, method)
    monkeypatch.setattr("scripted_methods.Methods.run", run)
    answers = {"handle": account.handle, "app_password": account.password}
    assert network.connect(http, answers).credentials["did"] == did
