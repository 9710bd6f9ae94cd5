"""Pictures of others that are kept on this site: how they are stored, and given to browsers."""

from persistent.mapping import PersistentMapping
from typing import Any
from ZODB.blob import Blob


FOREVER = "max-age=31536000, immutable"


def stored(data: bytes, mime: str, width: int, height: int) -> PersistentMapping:
    """mime, width, height, size and a blob."""
    blob = Blob()
    with blob.open("w") as file:
        file.write(data)
    return PersistentMapping(mime=mime, width=width, height=height, size=len(data), blob=blob)


def given(response: Any, picture: Any, whose: str = "public") -> bytes:
    """The body, with the headers that go along; `whose`: public or private. Its name tells its bytes."""
    response.setHeader("Content-Type", picture["mime"])
    response.setHeader("X-Content-Type-Options", "nosniff")
    response.setHeader("Content-Security-Policy", "default-src 'none'")
    response.setHeader("Cache-Control", f"{whose}, {FOREVER}")
    with picture["blob"].open("r") as file:
        return bytes(file.read())
