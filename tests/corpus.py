"""The feeds that feedparser's authors collected for their own tests: in its source distribution alone, under BSD."""

from importlib.metadata import version
from installing import CACHE
from installing import one_at_a_time
from installing import run
from pathlib import Path

import os
import pytest
import sys
import tarfile


@pytest.fixture(scope="session")
def corpus() -> list[Path]:
    """Some are no feeds, and many are wrong on purpose."""
    name = f"feedparser-{version('feedparser')}"
    with one_at_a_time("corpus"):
        folder = CACHE / "corpus"
        if not (folder / name).exists():
            wanted = ["--no-deps", "--no-binary", ":all:", "--no-build-isolation", name.replace("-", "==")]
            folder.mkdir(exist_ok=True)
            run([sys.executable, "-m", "pip", "download", "--quiet", *wanted], folder, dict(os.environ))
            with tarfile.open(folder / f"{name}.tar.gz") as packed:
                packed.extractall(folder / "unpacking", filter="data")
            (folder / "unpacking" / name).rename(folder / name)
    return sorted(path for path in (folder / name / "tests").rglob("*") if path.is_file() and path.suffix != ".py")
