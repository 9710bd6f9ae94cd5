"""The command-line door, as the person who runs the server meets it."""

from collective.socialterritory import commands
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.crosspost.store import Outbox
from plone import api
from scripted import Scripted

import json
import pytest
import socket
import threading
import transaction


@pytest.fixture
def server(monkeypatch):
    with Scripted() as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def run(functional, capsys):
    def run(*words):
        transaction.commit()
        name, *rest = words
        code = getattr(commands, name)(functional["app"]._p_jar.db(), rest)
        return code, capsys.readouterr().out

    return run


@pytest.fixture
def mairie(functional, server):
    portal = functional["portal"]
    with api.env.adopt_roles(["Manager"]):
        account = api.content.create(portal["social-accounts"], "SocialAccount", title="Mairie", network="bluesky")
    Vault(portal).seal(account.UID(), server.account("mairie.example").credentials)
    Accounts(portal).mark(account.UID(), link="connected")
    return account


def test_check_says_which_server_the_network_department_must_open(server, mairie, run):
    code, said = run("check")
    assert f"ok   {server.url} (for Bluesky, Mairie): answers." in said
    assert code == 1  # nothing was posted yet, and no mail server is set
    assert "BAD  plone: " in said
    server.down()
    code, said = run("check")
    assert f"BAD  {server.url} (for Bluesky, Mairie): cannot be reached from here (refused_connection)." in said
    assert code == 1


def test_a_server_that_hangs_up_is_told_as_well(server, run):
    server.script("/", "reset_before")
    assert f"BAD  {server.url} (for Bluesky): cannot be reached from here (reset)." in run("check")[1]


def test_check_says_what_the_proxy_does_not_let_through(server, run, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        threading.Thread(target=refuse, args=(proxy,), daemon=True).start()
        monkeypatch.setenv("SOCIALTERRITORY_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        said = run("check")[1]
    assert "BAD  https://api.x.com (for X): is not let through by the proxy" in said
    assert "(403)" in said and "or name their proxy" not in said


def refuse(proxy):
    while True:
        try:
            there, _ = proxy.accept()
        except OSError:
            return
        with there:
            there.recv(65536)
            there.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")


def test_check_without_a_key_still_tries_the_servers(server, mairie, run, monkeypatch):
    monkeypatch.delenv("SOCIALTERRITORY_KEYS")
    assert f"{server.url} (for Bluesky): answers." in run("check")[1]


def test_the_record_is_exported_whatever_a_note_holds(run, monkeypatch, tmp_path):
    monkeypatch.setattr(Outbox, "export", lambda self: [{"note": "été \ud800"}])
    code, said = run("export")
    assert (code, json.loads(said)) == (0, {"/plone": [{"note": "été \ud800"}]})
    assert "été" in said
    run("export", str(tmp_path / "record.json"))
    assert (tmp_path / "record.json").read_text(encoding="utf-8") == said.removesuffix("\n")
    assert (tmp_path / "record.json").stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_is_a_sentence(run, tmp_path):
    code, said = run("export", str(tmp_path / "no" / "record.json"))
    assert code == 1
    assert "cannot be written: No such file or directory" in said
