"""Fail when constraints.txt, versions.cfg and what is installed here differ."""

from importlib.metadata import distributions
from pathlib import Path

import re
import sys


def pins(name, separator):
    lines = Path(name).read_text(encoding="utf-8").splitlines()
    pairs = (line.split(separator) for line in lines if separator in line and not line.startswith("#"))
    return {canonical(package): release.strip() for package, release in pairs}


def canonical(name):
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def same(one, other):
    return one.replace(".post", "post") == other.replace(".post", "post")


constraints = pins("constraints.txt", "==")
versions = pins("versions.cfg", " = ")
wrong = [f"{name}: only in one of constraints.txt and versions.cfg" for name in constraints.keys() ^ versions.keys()]
for name in constraints.keys() & versions.keys():
    if constraints[name] != versions[name]:
        wrong.append(f"{name}: {constraints[name]} in constraints.txt, {versions[name]} in versions.cfg")
for package in distributions():
    name = canonical(package.metadata["Name"])
    if name == "collective-socialterritory":
        continue
    if name not in constraints:
        wrong.append(f"{name} {package.version} is installed but not pinned")
    elif not same(package.version, constraints[name]):
        wrong.append(f"{name}: {package.version} is installed, {constraints[name]} is pinned")
print("\n".join(sorted(wrong)) or f"{len(constraints)} pins agree")
sys.exit(bool(wrong))
