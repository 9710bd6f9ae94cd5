"""The command-line door to the keys: make, add, rotate, check."""

from collective.socialterritory.accounts import sealing
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.environment import setting
from collective.socialterritory.errors import ConfigurationError
from pathlib import Path

import os
import transaction


USAGE = "usage: social keys init [FILE] | add | rotate | check"
FILE = "SOCIALTERRITORY_KEYS_FILE"


def keys(args: list[str], sites) -> int:
    """Run `social keys ...` and print what it did; 0 when well. Only rotate and check iterate over `sites`."""
    commands = {"init": init, "add": add, "rotate": rotate, "check": check}
    name, *rest = args or [""]
    if name not in commands:
        print(USAGE)
        return 1
    try:
        return commands[name](rest, sites)
    except ConfigurationError as error:
        print(EXPLAINED.get(error.code, str(error)))
        return 1


EXPLAINED = {
    "no_key": "No key is set. Make one: social keys init",
    "bad_key": "SOCIALTERRITORY_KEYS is not like name:key,name:key with keys as `social keys init` writes them.",
    "unreadable_credentials": "Some credentials do not open with these keys; nothing was changed.",
}


def init(args, sites) -> int:
    path = Path(args[0] if args else os.environ.get(FILE) or "social-keys")
    try:
        sealing.write(str(path), sealing.new_key())
    except FileExistsError:
        print(f"{path} exists and stays as it is: without its keys, no account could post any more.")
        return 1
    except OSError as error:
        print(f"{path} cannot be written: {error.strerror}")
        return 1
    print(f"A new key is in {path}, readable by you alone. Keep a copy apart from the site's backups.")
    if os.environ.get(FILE) != str(path):
        print(f"Set {FILE}={path.resolve()} for the site, then start it again.")
    return 0


def add(args, sites) -> int:
    """A new first key; the former ones still open what they sealed."""
    path = Path(os.environ.get(FILE, ""))
    if not path.is_file():
        print(f"{FILE} names no file. Put a new entry first in SOCIALTERRITORY_KEYS yourself:")
        print(sealing.new_key())
        return 1
    former = setting("SOCIALTERRITORY_KEYS")
    sealing.parse(former)
    fresh = path.with_name(f"{path.name}.new")
    sealing.write(str(fresh), f"{sealing.new_key()},{former}")
    fresh.replace(path)
    print(f"A new key is first in {path}. Next: social keys rotate")
    return 0


def rotate(args, sites) -> int:
    for site in sites:
        count = Vault(site).rotate()
        transaction.commit()
        print(f"{_path(site)}: {count} sealed again under the first key.")
    print("Keys after the first one may now be removed, once `social keys check` says that all is well.")
    return 0


def check(args, sites) -> int:
    failed = 0
    for site in sites:
        for uid, ok in Vault(site).check():
            print(f"{_path(site)}: account {uid}: {'opens' if ok else 'CANNOT be opened with these keys'}")
            failed += not ok
    print(
        f"{failed} unreadable: put the former key back, or reconnect." if failed else "All credentials can be opened."
    )
    return 1 if failed else 0


def _path(site):
    return "/".join(site.getPhysicalPath())
