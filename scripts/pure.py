"""Print the files of the pure part, as mypy has them, for coverage's gate."""

from pathlib import Path

import tomllib


settings = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
print(",".join(settings["tool"]["mypy"]["files"]))
