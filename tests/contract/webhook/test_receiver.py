"""The receiver that the page for webmasters shows does what it promises, in both languages."""

from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.webhook import network
from contract.base import caught
from datetime import datetime
from datetime import UTC
from pathlib import Path
from subprocess import PIPE
from subprocess import Popen

import os
import pytest
import re
import socket
import sys
import time


NOW = datetime.now(UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture(params=["en", "fr"])
def receiver(request, tmp_path):
    """Its address, and what it prints."""
    page = Path(__file__).parents[3] / f"docs/how-to/{request.param}/link-webhook.md"
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "receiver.py").write_text(code, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        host = f"127.0.0.1:{free.getsockname()[1]}"
    environ = {**os.environ, "WEBHOOK_SECRET": SECRET, "PORT": host.partition(":")[2]}
    with Popen([sys.executable, tmp_path / "receiver.py"], env=environ, stdout=PIPE, stderr=PIPE, text=True) as process:
        try:
            yield host, process.stdout
        finally:
            process.kill()


def connected(http, typed):
    """As soon as it listens."""
    for _ in range(200):
        try:
            return network.connect(http, typed)
        except Exception as error:
            if getattr(error, "code", "") != "refused_connection":
                raise
            time.sleep(0.05)
    return network.connect(http, typed)


def test_the_receiver_of_the_page(receiver):
    host, said = receiver
    http = Http(frozenset({host}))
    typed = {"receiver": f"http://{host}/any", "webhook_secret": SECRET}
    known = connected(http, typed).credentials
    out = network.publish(http, known, Post("Bonjour", NOW), "k1")
    assert network.publish(http, known, Post("Bonjour", NOW), "k1") == out
    network.edit(http, known, "k1", Post("Bonsoir", NOW))
    network.delete(http, known, "k1")
    network.publish(http, known, Post("Encore", NOW), "k1")
    raised = caught(lambda: network.edit(http, known, "k1", Post("Trop tard", NOW)), Rejected)
    assert raised.code == "post_gone"
    wrong = {**typed, "webhook_secret": SECRET.lower()}
    assert caught(lambda: network.connect(http, wrong), Unauthorized).code == "unauthorized"
    network.publish(http, known, Post("Autre", NOW), "k2")
    told = [said.readline().strip() for _ in range(4)]
    assert told == ["post.created k1", "post.updated k1", "post.deleted k1", "post.created k2"]
