"""What the person who runs the server has set, read from the environment or from files that it names."""

from collections.abc import Mapping
from collective.socialterritory.errors import ConfigurationError
from pathlib import Path

import os


def setting(name: str, environ: Mapping[str, str] = os.environ) -> str:
    """The value of `name`, else the stripped content of the file named by `name`_FILE, else "".

    A file that is not there yet counts as unset. Raises ConfigurationError("unreadable_file", name, path).
    """
    if value := environ.get(name, "").strip():
        return value
    path = environ.get(f"{name}_FILE", "").strip()
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise ConfigurationError("unreadable_file", name=name, path=path) from error
