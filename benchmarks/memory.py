"""What the add-on costs in memory: an idle instance against one without it, and a 20 MB image sent to eight accounts.

Idle: two processes of one recipe, one that never loads the add-on's code and one with its site, its worker and one
account; each serves the same pages to an administrator and a visitor. Sending: a worker delivers the image to the
scripted Bluesky server in another process. Resident memory after collecting garbage and giving free pages back to the
system; the peak is the kernel's high-water mark, reset just before the worker starts. Needs Linux' /proc.
"""

from io import BytesIO
from pathlib import Path
from PIL import Image
from statistics import median
from subprocess import run
from town import connected
from town import news
from town import town
from town.figures import in_turn
from town.figures import ratio
from town.figures import tell
from town.memory import resident
from town.memory import status
from town.network import network
from town.worker import finish

import os
import sys


GOAL = 1.15
MOST_MB = 100
KEPT_MB = 20
ROUNDS = 3
ACCOUNTS = 8
SITE = "site"


def idle(addon):
    """MB of an instance that has served a few pages."""
    import transaction

    with town(addon == "with", SOCIALTERRITORY_WORKER="on") as place:
        place.site(SITE, addon == "with")
        with place.opened(SITE) as site:
            news(site, "News 0")
            if addon == "with":
                connected(site, "Town")
            transaction.commit()
        for _ in range(5):
            for path in ("", "/news-0", "/news-0/edit", "/folder_contents", "/@@search?SearchableText=news"):
                assert place.get(f"/{SITE}{path}")[0] == 200, path
            assert place.get(f"/{SITE}", None)[0] == 200
        assert ("collective.socialterritory.worker" in sys.modules) == (addon == "with")
        print(resident())


def sending():
    """MB at the peak, and kept after, above an instance that has just sent a small image."""
    import transaction

    with network(0, ACCOUNTS) as server, town(**server["environ"]) as place:
        place.site(SITE)
        with place.opened(SITE) as site:
            for number, known in enumerate(server["credentials"]):
                connected(site, f"Account {number}", credentials=known, validation="none")
            transaction.commit()
        deliver(place, "Small", photograph(600, 400))
        picture = photograph(5600, 4200)
        size = len(picture) / 1e6
        publish(place, "Large", picture)
        del picture
        before = resident()
        Path("/proc/self/clear_refs").write_text("5")  # the high-water mark begins anew
        work()
        peak = status("VmHWM")
        check(place, "large")
        print(size, peak - before, resident() - before)


def deliver(place, title, picture):
    publish(place, title, picture)
    work()
    check(place, title.lower())


def publish(place, title, picture):
    from plone import api

    import transaction

    with place.opened(SITE) as site:
        item = news(site, title, picture)
        transaction.commit()
        api.content.transition(item, to_state="published")
        transaction.commit()


def work():
    from collective.socialterritory.worker import Worker

    import Zope2

    worker = Worker(Zope2.DB, senders=2 * ACCOUNTS)  # one server has half of them
    finish(worker)
    worker.leave()


def check(place, name):
    from collective.socialterritory.crosspost.store import Outbox

    with place.opened(SITE) as site:
        sent = Outbox(site).of_item(site[name].UID())
        assert [d.state for d in sent] == ["delivered"] * ACCOUNTS and all(d.images for d in sent), sent


def photograph(width, height):
    """A JPEG with the noise of a camera: some 20 MB at 20 megapixels."""
    noise = Image.effect_noise((width, height), 60).convert("RGB")
    out = BytesIO()
    noise.save(out, "JPEG", quality=94)
    return out.getvalue()


def figures(*arguments):
    """What a process of its own measures."""
    done = run([sys.executable, __file__, *arguments], check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.split()[-3:]]


def main():
    ours, theirs = in_turn(ROUNDS, *(lambda addon=addon: figures("idle", addon)[-1] for addon in ("with", "without")))
    size, peak, kept = figures("sending")
    times = ratio(ours, theirs)
    tell(
        "memory",
        times <= GOAL and peak <= MOST_MB and kept <= KEPT_MB,
        f"idle {times:.2f} times ({median(ours):.0f} against {median(theirs):.0f} MB), goal {GOAL}; a {size:.0f} MB "
        f"image for {ACCOUNTS} accounts adds {peak:.0f} MB at the peak, goal {MOST_MB}, and leaves {kept:.0f} MB",
        f"An instance after some pages, {ROUNDS} processes of each in turn; then one that sends.",
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["idle"]:
        idle(sys.argv[2])
    elif sys.argv[1:2] == ["sending"]:
        sending()
    else:
        main()
    sys.stdout.flush()
    os._exit(0)  # a worker thread goes on otherwise while Python takes the modules away
