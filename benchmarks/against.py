"""Worker throughput and page cost against an earlier commit: `benchmarks/against.py COMMIT`, both in one run.

The two benchmarks are run with the sources of the commit, in a worktree of its own, and with those of today, in turn.
What each prints first is a ratio against something that the machine does at the same moment, so the two ratios compare
where times would not. Without a commit there is nothing to compare with, and nothing is run.
"""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from town.figures import tell

import os
import re
import subprocess
import sys


ROOT = Path(__file__).parents[1]
ROUNDS = int(os.environ.get("ROUNDS", 3))
MOST = 1.05
BENCHMARKS = {"throughput": 1, "page": -1}
"""1: more is better; -1: less is"""


def measured(name, tree):
    """The first ratio that the benchmark tells. Whether it meets its own goal does not matter here."""
    environ = {**os.environ, "PYTHONPATH": str(tree / "src")}
    run = [sys.executable, str(tree / "benchmarks" / f"{name}.py")]
    said = subprocess.run(run, env=environ, cwd=tree, capture_output=True, text=True, check=False)
    found = re.search(rf"^{name}: ([0-9.]+)", said.stdout, re.MULTILINE)
    assert found, said.stderr[-2000:]
    return float(found[1])


def compared(name, before, now):
    """How many times as dear it is now."""
    pairs = [(measured(name, before), measured(name, now)) for _ in range(ROUNDS)]
    return median((new / old) ** -BENCHMARKS[name] for old, new in pairs), pairs


def main(commit):
    with TemporaryDirectory() as folder:
        before = Path(folder) / "before"
        subprocess.run(["git", "-C", ROOT, "worktree", "add", "--detach", before, commit], check=True)
        try:
            figures = {name: compared(name, before, ROOT) for name in BENCHMARKS}
        finally:
            subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", before], check=True)
    tell(
        "against",
        all(dearer <= MOST for dearer, _pairs in figures.values()),
        ", ".join(f"{name} {dearer:.3f} times as dear" for name, (dearer, _pairs) in figures.items())
        + f" as at {commit}, goal {MOST}",
        f"{ROUNDS} runs of each in turn; ratios then and now: {[pairs for _dearer, pairs in figures.values()]}",
    )


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(sys.argv[1])
    else:
        print(__doc__)
