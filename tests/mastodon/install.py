"""Where the Mastodon mock server lies: fetched once into .cache, into a virtual environment of its own."""

from installing import CACHE
from installing import one_at_a_time
from installing import run
from installing import uv
from pathlib import Path

import os
import shutil
import sys


REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def installed() -> Path:
    """The path of the server's command; installs what lacks (10 s, once)."""
    folder = CACHE / "mastodon"
    stamp = folder / "installed.txt"
    wanted = f"{sys.version}\n{REQUIREMENTS.read_text()}"
    with one_at_a_time("mastodon"):
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            environ = dict(os.environ)
            python = str(folder / "bin" / "python")
            if tool := uv():
                run([tool, "venv", "--python", sys.executable, str(folder)], CACHE, environ)
                pip = [tool, "pip", "install", "--python", python]
            else:
                run([sys.executable, "-m", "venv", str(folder)], CACHE, environ)
                pip = [python, "-m", "pip", "install", "--disable-pip-version-check"]
            run([*pip, "--no-deps", "--requirement", str(REQUIREMENTS)], CACHE, environ)
            stamp.write_text(wanted)
    return folder / "bin" / "mastodon_mock"
