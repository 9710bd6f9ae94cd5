"""Text that files, mails and networks can take."""

from typing import Any

import json


def whole(text: str) -> str:
    """`text` with "?" for halves of surrogate pairs, which JSON and forms let in and UTF-8 has no bytes for."""
    return text.encode("utf-8", "replace").decode("utf-8")


def as_json(record: Any) -> bytes:
    """For people to read, in UTF-8. Halves of surrogate pairs are escaped, so that all reads back as it was."""
    return json.dumps(record, ensure_ascii=False, indent=1, default=str).encode("utf-8", "backslashreplace")
