"""Hand what slipcover saw to coverage, whose reports are the gates. Its own tracing slows the tests by half."""

from coverage import CoverageData
from pathlib import Path

import json


seen = Path(".coverage.json")
files = json.loads(seen.read_text(encoding="utf-8"))["files"]
data = CoverageData()
data.erase()
data.add_lines({str(Path(name).resolve()): found["executed_lines"] for name, found in files.items()})
data.write()
seen.unlink()
