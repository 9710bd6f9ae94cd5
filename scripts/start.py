"""Make the instance and the demo site when they are not there yet, then serve until Ctrl-C."""

from collective.socialterritory.accounts import sealing
from pathlib import Path
from subprocess import Popen
from subprocess import run
from urllib.error import URLError
from urllib.request import urlopen
from zc.lockfile import LockError
from zc.lockfile import LockFile

import os
import re
import secrets
import signal
import sys
import time


USERS = ("editor", "validator", "moderator", "webmaster", "admin")
KEYS = Path("etc/social-keys")
DEPLOYMENT = Path("etc/social-deployment")
PASSWORDS = Path("etc/demo-users")
MARK = Path("var/demo-site")
"""Holds "started" while the demo site is being made and "done" after."""
DATABASE = Path("var/filestorage/Data.fs")
WSGI = Path("parts/instance/etc/wsgi.ini")
WELCOME = """
  {url}

  Try this first (the site is in French, nothing leaves this machine):
    1. Log in as editor, open "Actualités", publish a private news item: its "Réseaux" tab says who decides.
    2. Log in as validator in a private window, open "Réseaux sociaux" in the user menu and approve.
    3. The post appears on {url}/@@social-sandbox, the mails on {url}/@@social-mails.
    4. Comment on a news item without logging in; log in as moderator, open "Commentaires" in the user menu and decide.
  À essayer d'abord : publiez une actualité (editor), approuvez-la (validator), lisez-la sur {url}/@@social-sandbox.
  Puis commentez une actualité sans vous connecter, et décidez (moderator, menu de l'utilisateur, "Commentaires").

{users}

  Ctrl-C stops the site; what you did is kept. / Ctrl-C arrête le site ; rien n'est perdu.
"""


def main(port):
    stop_if_running()
    make_files()
    rebuilt = build(port)
    if not MARK.exists() and DATABASE.exists():
        print("There is a database without our demo site; it stays as it is.")
    elif not MARK.exists() or MARK.read_text() != "done":
        print("Making the demo site, about 20 seconds / Création du site de démonstration, environ 20 secondes")
        again = ["again"] if MARK.exists() else []
        MARK.write_text("started")
        demo_site(port, *again)
        MARK.write_text("done")
    elif rebuilt:
        # Its links must lead to the port it is now served on.
        demo_site(port)
    serve(port)


def stop_if_running():
    """A second process cannot open the database, and must not change the settings of the first."""
    if not DATABASE.exists():
        return
    try:
        LockFile(f"{DATABASE}.lock").close()
    except LockError:
        there = re.search(r"127\.0\.0\.1:(\d+)", WSGI.read_text() if WSGI.exists() else "")
        url = site_url(there[1]) if there else ""
        sys.exit(f"This site is running already: {url} / Ce site tourne déjà.\nStop it there first: Ctrl-C.")


def make_files():
    Path("etc").mkdir(mode=0o700, exist_ok=True)
    for path, make in (
        (KEYS, sealing.new_key),
        (DEPLOYMENT, lambda: f"demo-{secrets.token_hex(8)}"),
        (PASSWORDS, lambda: "\n".join(f"{user} / {secrets.token_urlsafe(9)}" for user in USERS)),
    ):
        if not path.exists():
            sealing.write(str(path), make())


def build(port):
    """Buildout, unless the instance is there, of this buildout.cfg and for this port. True when it ran."""
    recipe = max(Path(name).stat().st_mtime for name in ("buildout.cfg", ".venv/.installed"))
    if WSGI.exists() and WSGI.stat().st_mtime > recipe and f"127.0.0.1:{port}\n" in WSGI.read_text():
        return False
    admin = dict(line.split(" / ") for line in PASSWORDS.read_text().splitlines())["admin"]
    # Removed, so that buildout makes it again and its time tells when.
    WSGI.unlink(missing_ok=True)
    Path(".installed.cfg").unlink(missing_ok=True)
    command = [".venv/bin/buildout", "-N", "-q", f"buildout:port={port}", f"passwords:admin={admin}"]
    done = run(command, check=False, capture_output=True, text=True)
    if done.returncode or not WSGI.exists():
        sys.exit(f"buildout failed:\n{done.stdout}{done.stderr}")
    return True


def demo_site(port, *more):
    command = ["bin/instance", "run", "scripts/demo_site.py", str(PASSWORDS), site_url(port), *more]
    done = run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write(done.stderr)
        sys.exit("The demo site could not be made. Start again, or `make clean` first to begin from nothing.")


def site_url(port):
    return f"http://localhost:{port}/Plone"


def serve(port):
    url = site_url(port)
    # A group of its own: the console command is a wrapper, and its child must end too.
    server = Popen(["bin/instance", "console"], start_new_session=True)

    def stop(*_):
        os.killpg(server.pid, signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    while server.poll() is None and not answers(url):
        time.sleep(0.3)
    if server.poll() is None:
        users = "\n".join(f"    {line}" for line in PASSWORDS.read_text().splitlines() if "admin /" not in line)
        print(WELCOME.format(url=url, users=users), flush=True)
    code = server.wait()
    sys.exit(0 if code in (0, -signal.SIGTERM) else code)


def answers(url):
    try:
        with urlopen(url, timeout=60):
            return True
    except (URLError, OSError):
        return False


if __name__ == "__main__":
    main(int(sys.argv[1]))
