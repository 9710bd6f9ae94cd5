"""The command-line door: `bin/instance social …`, or this file run by `zconsole run zope.conf commands.py …`."""

from typing import Any

import os
import shlex
import sys
import time


USAGE = """usage: social deliver            send what is due now, then stop
       social refresh            look at every source of feeds now, then stop
       social export [FILE]      write the whole record as JSON
       social check              say what keeps posts from leaving, and try every server they need
       social keys init|add|rotate|check"""
UNREACHED = (
    "cannot be reached from here ({code}). Ask the network department to let this server look up the name and reach "
    "it by HTTPS, or name their proxy in SOCIALTERRITORY_PROXY."
)
NOT_LET_THROUGH = (
    "is not let through by the proxy that SOCIALTERRITORY_PROXY names ({status}). Ask the network department to open "
    "HTTPS to it there; after 407, check the login in that variable."
)
LOCKED = (
    "The database is in use by the running site, so a second process cannot open it. "
    "Stop the site first, or use ZEO or RelStorage. The running site's own worker already sends by itself."
)


def do_social(ctl: Any, arg: str) -> None:
    """Entry point of plone.recipe.zope2instance: runs before Zope starts, and knows exit codes 0 and 1."""
    words = shlex.split(arg)
    if words[:2] == ["keys", "init"]:
        from collective.socialterritory.accounts.commands import keys

        ctl._exitstatus = keys(words[1:], ())
        return
    configure = f"from Zope2.Startup.run import configure_wsgi; configure_wsgi({ctl.options.configfile!r}); "
    code = f"{configure}from {__name__} import main; import sys; sys.exit(main({words!r}))"
    ctl._exitstatus = os.spawnl(os.P_WAIT, ctl.options.python, ctl.options.python, ctl.options.interpreter, "-c", code)


def main(words: list[str]) -> int:
    """Run one command in a configured Zope; 0 when well."""
    from zc.lockfile import LockError

    commands = {"deliver": deliver, "refresh": refresh, "export": export, "check": check, "keys": keys}
    if not words or words[0] not in commands:
        print(USAGE)
        return 1
    try:
        import Zope2

        Zope2.app()._p_jar.close()
        return commands[words[0]](Zope2.DB, words[1:])
    except LockError:
        print(LOCKED)
        return 1


def deliver(database: Any, args: list[str]) -> int:
    """Work until no post and no mail is under way and nothing of them is due."""
    code = _work(database, "deliver", "mail")
    for path, counts in _counts(database).items():
        print(f"{path}: " + ", ".join(f"{number} {state}" for state, number in sorted(counts.items())))
    return code


def refresh(database: Any, args: list[str]) -> int:
    """Look at every source of feeds once, and say how each is; 1 when one is not well."""
    from collective.socialterritory.feeds.worker import look_at_all
    from collective.socialterritory.feeds.worker import standing
    from collective.socialterritory.worker import opened
    from collective.socialterritory.worker import sites
    from zope.component.hooks import setSite

    look_at_all()
    code = _work(database, "refresh")
    with opened(database) as app:
        for site in sites(app):
            setSite(site)
            for title, health in standing(site):
                print(f"{'BAD ' if health.error else 'ok  '} {site.getId()}: {title} {health.error}".rstrip())
                code = code or int(bool(health.error))
    return code


def _work(database: Any, *jobs: str) -> int:
    """Let a worker do these jobs until nothing is due. 1 when another worker is at work on some site."""
    from collective.socialterritory.worker import Worker

    worker = Worker(database, only=frozenset(jobs))
    until = time.monotonic() + 600
    while time.monotonic() < until:
        pause = worker.turn()
        if worker.idle and pause > 0:
            break
        time.sleep(min(pause, 0.1))
    others = worker.refused
    worker.leave()
    for path in others:
        print(f"{path}: another worker is at work there.")
    return 1 if others else 0


def _counts(database: Any) -> dict[str, dict[str, int]]:
    from collections import Counter
    from collective.socialterritory.crosspost.store import Outbox
    from collective.socialterritory.worker import opened
    from collective.socialterritory.worker import sites

    with opened(database) as app:
        outboxes = [Outbox(site) for site in sites(app)]
        return {outbox.path: Counter(str(delivery.state) for delivery in outbox.live()) for outbox in outboxes}


def export(database: Any, args: list[str]) -> int:
    """The record of every site, as one JSON object by site path."""
    from collective.socialterritory.crosspost.store import Outbox
    from collective.socialterritory.plain import as_json
    from collective.socialterritory.worker import opened
    from collective.socialterritory.worker import sites

    with opened(database) as app:
        record = {outbox.path: outbox.export() for outbox in map(Outbox, sites(app))}
    data = as_json(record)
    try:
        if args:
            with open(args[0], "wb", opener=_private) as file:
                file.write(data)
            print(f"{sum(map(len, record.values()))} posts written to {args[0]}")
        else:
            print(data.decode(), flush=True)
    except BrokenPipeError:  # who reads has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(f"{args[0]} cannot be written: {error.strerror}. Nothing is lost: name another file.")
        return 1
    return 0


def _private(path: str, flags: int) -> int:
    """The record holds what is not published yet."""
    return os.open(path, flags, 0o600)


def check(database: Any, args: list[str]) -> int:
    """Print the checklist of each site and which servers of networks answer; 1 when something keeps posts back."""
    from collective.socialterritory.accounts.worker import needed
    from collective.socialterritory.accounts.worker import unreached
    from collective.socialterritory.crosspost.checklist import checklist
    from collective.socialterritory.http import Http
    from collective.socialterritory.worker import opened
    from collective.socialterritory.worker import sites
    from zope.component.hooks import setSite
    from zope.i18n import translate

    # A FileStorage, with blobs around or not, is locked by us: the site is stopped, and with it its worker.
    alone = hasattr(database.storage, "_lock_file")
    lines: list[tuple[bool, str]] = []
    servers: dict[str, list[str]] = {}
    with opened(database) as app:
        for site in sites(app):
            setSite(site)
            points = [point for point in checklist(site) if point.name != "worker" or not alone]
            lines += [(point.ok, f"{site.getId()}: {translate(point.text)}") for point in points]
            for origin, users in needed(site).items():
                servers.setdefault(origin, []).extend(users)
    http = Http.from_environment()
    for origin, users in servers.items():
        error = unreached(http, origin)
        said = "answers."
        if error:
            status = error.params.get("status")
            said = NOT_LET_THROUGH.format(status=status) if status else UNREACHED.format(code=error.code)
        lines.append((error is None, f"{origin} (for {', '.join(dict.fromkeys(users))}): {said}"))
    for ok, line in lines:
        print(f"{'ok  ' if ok else 'BAD '} {line}")
    return 0 if all(ok for ok, _line in lines) else 1


def keys(database: Any, args: list[str]) -> int:
    from collective.socialterritory.accounts.commands import keys as run
    from collective.socialterritory.worker import opened
    from collective.socialterritory.worker import sites
    from zope.component.hooks import setSite

    def each(app: Any) -> Any:
        for site in sites(app):
            setSite(site)
            yield site

    with opened(database) as app:
        return run(args, each(app))


if __name__ == "__main__":
    # `zconsole run zope.conf commands.py` leaves its own words before ours.
    sys.exit(main(sys.argv[4:]))
