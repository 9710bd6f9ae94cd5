"""Networks on this machine, to link accounts and post without the Internet: the strict servers of the tests.

    .venv/bin/python scripts/local_networks.py [address of the site] [--minutes 120] [--port 8210]

They forget everything when they end, by themselves or with Ctrl-C.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from collective.socialterritory.sentences.linking import FIELDS
from contextlib import ExitStack
from html import escape
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from threading import Event
from threading import Thread
from typing import Any

import shlex
import signal
import sys


ROOT = Path(__file__).resolve().parents[1]
SERVERS = {
    "bluesky": ("scripted", "Scripted", "ville.example"),
    "mastodon": ("scripted_mastodon", "ScriptedMastodon", "ville"),
    "x": ("scripted_x", "ScriptedX", "ville"),
    "facebook": ("scripted_facebook", "ScriptedFacebook", "Ville"),
    "instagram": ("scripted_instagram", "ScriptedInstagram", "ville"),
    "threads": ("scripted_threads", "ScriptedThreads", "ville"),
    "linkedin": ("scripted_linkedin", "ScriptedLinkedIn", "Ville"),
    "webhook": ("scripted_webhook", "ScriptedWebhook", "lettre"),
}
"""By network: module and class of the server in tests/, and what the account is called there"""
PUBLIC = "https://www.ville.example"
"""What the site is told to be called, since networks refuse links to this machine"""
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="10"><title>Local networks</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.5 sans-serif; max-width: 60rem; margin: auto; padding: 1rem }}
section {{ border-top: 1px solid; margin-top: 1.5rem }}
dd, li {{ overflow-wrap: anywhere; white-space: pre-wrap }}
dd {{ margin: 0 }}
dt, h3 {{ font-size: 1rem; font-weight: bold; margin: .5rem 0 0 }}
</style></head>
<body><h1>Local networks</h1>
<p>What to type to link an account of each, and what was posted there. The page looks again every ten seconds.</p>
{sections}</body></html>"""


class Local:
    """A network with its server, an account there, and what a webmaster types to link it. `back`: the way back here."""

    def __init__(self, name: str, server: Any, back: str) -> None:
        self.network: Any = import_module(f"collective.socialterritory.networks.{name}").network
        self.server, self.kind = server, kind(name)
        account = self.kind.account(server, SERVERS[name][2])
        known = {"server": server.host, **getattr(account, "credentials", {})}
        for way, asked in (("credentials", account), ("keys", account), ("app", back)):
            if make := getattr(self.kind, way, None):
                known |= make(server, asked)
        fields = (*self.network.fields, *self.network.app_fields)
        self.typed = {str(FIELDS[field.name][0]): known[field.name] for field in fields}

    def drawn(self) -> str:
        typed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in self.typed.items())
        posts = "".join(f"<li>{escape(text)}</li>" for text in self.kind.posts(self.server))
        told = f"<ol>{posts}</ol>" if posts else "<p>Nothing is there.</p>"
        return f"<section><h2>{self.network.title}</h2><dl>{typed}</dl><h3>Posts</h3>{told}</section>\n"


def kind(name: str) -> Any:
    module, server, _account = SERVERS[name]
    return getattr(import_module(module), server)


def served(site: str, port: int) -> list[Local]:
    """Their servers listen from `port` on; 0: anywhere. One of another kind too serves both, as Meta's."""
    servers: list[Any] = []
    kinds = [kind(name) for name in SERVERS]
    for number, made in enumerate(kinds):
        if not any(other is not made and issubclass(other, made) for other in kinds):
            servers.append(made())
            servers[-1].port = port and port + number
            servers[-1].reach = lambda url: url.replace(PUBLIC, site)  # where pictures are fetched from
    by_name = {name: next(one for one in servers if isinstance(one, kind(name))) for name in SERVERS}
    return [Local(name, server, f"{site}/@@social-linked") for name, server in by_name.items()]


def servers_of(locals: list[Local]) -> list[Any]:
    return [*{id(local.server): local.server for local in locals}.values()]


def environment(locals: list[Local]) -> Iterator[tuple[str, str]]:
    """What the site needs to take the servers for the networks."""
    servers = servers_of(locals)
    yield "SOCIALTERRITORY_ALLOW", ",".join(server.host for server in servers)
    yield "OAUTHLIB_INSECURE_TRANSPORT", "1"  # codes for tokens, without TLS
    for server in servers:
        yield from ((name, said) for name, said in server.environ.items() if name != "SOCIALTERRITORY_ALLOW")


def page(locals: list[Local]) -> type[BaseHTTPRequestHandler]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = PAGE.format(sections="".join(local.drawn() for local in locals)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    return Page


def main(site: str, minutes: float, port: int) -> None:
    """The page is at `port`; the servers have those after it."""
    over = Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: over.set())
    with ExitStack() as stack:
        locals = served(site, port + 1)
        for server in servers_of(locals):
            stack.enter_context(server)
        there = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", port), page(locals)))
        Thread(target=there.serve_forever, daemon=True).start()
        variables = "".join(f"  export {name}={shlex.quote(value)}\n" for name, value in environment(locals))
        print(f"Start the site with\n\n{variables}  make start\n", flush=True)
        print(f"What to type, and what was posted: http://127.0.0.1:{port}/", flush=True)
        print(f"It ends in {minutes:g} minutes, or with Ctrl-C, and forgets all.", flush=True)
        over.wait(minutes * 60)
        there.shutdown()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "tests"))
    parser = ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("site", nargs="?", default="http://localhost:8080/Plone")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--port", type=int, default=8210)
    asked = parser.parse_args()
    main(asked.site.rstrip("/"), asked.minutes, asked.port)
