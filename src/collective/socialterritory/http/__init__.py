"""The only way to the outside: `Http` asks under guard, `sessions` lets OAuth's libraries ask through it."""

from collective.socialterritory.http.door import Http
from collective.socialterritory.http.wire import Answer


__all__ = ["Answer", "Http"]
