"""What tests fetch once, into .cache."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fcntl
import os
import shutil
import subprocess
import sys


CACHE = Path(__file__).parents[1] / ".cache"
INSTALL_SECONDS = 900


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def uv() -> str:
    """The path of uv, "" when there is none."""
    return shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}") or ""


def run(command: list[str], folder: Path, environ: dict[str, str]) -> None:
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
