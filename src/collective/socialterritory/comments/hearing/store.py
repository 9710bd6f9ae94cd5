"""Memory of hearing: which replies are here, the avatars of who wrote them, and what keeps accounts from being read."""

from BTrees.OOBTree import OOBTree
from collective.socialterritory.accounts.model import Trouble
from collective.socialterritory.comments.hearing.model import Kept
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.images import Fitted
from collective.socialterritory.kept import stored
from dataclasses import asdict
from datetime import datetime
from typing import Any

import hmac


FACES, MARKS = "faces", "marks"
_ACCOUNT = "account:"


class Hearsay:
    """Of one site. Replies lie by the UID of their page, under the keys of rules.key(); pages forget them."""

    def __init__(self, site: Any) -> None:
        store = Comments(site)
        self._root, self._secret = store.heard, store.secret

    def _tree(self, name: str) -> Any:
        return self._root.get(name, {})

    def _made(self, name: str) -> Any:
        if name not in self._root:
            self._root[name] = OOBTree()
        return self._root[name]

    def reply(self, item: str, key: str) -> Kept | None:
        said = self._tree(item).get(key)
        return Kept(**said) if said else None

    def replies(self, item: str, post: str) -> list[tuple[str, Kept]]:
        """(key, what is kept) of those to one post."""
        return [(key, Kept(**said)) for key, said in self._tree(item).items() if said["post"] == post]

    def keep(self, item: str, key: str, kept: Kept) -> None:
        if self._tree(item).get(key) != asdict(kept):
            self._made(item)[key] = asdict(kept)

    def drop(self, item: str, key: str) -> None:
        if key in self._tree(item):
            del self._root[item][key]

    # Avatars

    def marks(self) -> frozenset[str]:
        """Of addresses that were asked already."""
        return frozenset(self._tree(MARKS))

    def face(self, mark: str) -> str:
        """The name of the avatar that was at an address, "" for none."""
        return str(self._tree(MARKS).get(mark, ""))

    def keep_face(self, mark: str, picture: Fitted | None) -> None:
        """Its name tells its bytes to nobody who has not our secret: who guesses it does not learn who commented."""
        if mark in self._tree(MARKS):
            return
        name = ""
        if picture is not None:
            data, mime, width, height = picture
            name = hmac.new(self._secret, data, "sha256").hexdigest()[:32]
            faces = self._made(FACES)
            if name not in faces:
                faces[name] = stored(data, mime, width, height)
        self._made(MARKS)[mark] = name

    def picture(self, name: str) -> Any:
        """mime, width, height, size and a blob; None when there is no such."""
        return self._tree(FACES).get(name)

    def prune(self, used: frozenset[str]) -> int:
        """Remove avatars that no comment shows any more; how many."""
        gone = [name for name in self._tree(FACES) if name not in used]
        for name in gone:
            del self._root[FACES][name]
        for mark in [mark for mark, name in self._tree(MARKS).items() if name not in used]:
            del self._root[MARKS][mark]
        return len(gone)

    # Accounts

    def trouble(self, account: str) -> Trouble | None:
        said = self._root.get(f"{_ACCOUNT}{account}")
        return Trouble(said["code"], said["params"], said["since"]) if said and said["code"] else None

    def rests(self, account: str) -> datetime | None:
        """Until when its network asked to wait."""
        said = self._root.get(f"{_ACCOUNT}{account}", {}).get("rests")
        return datetime.fromisoformat(said) if said else None

    def note(self, account: str, trouble: Trouble | None, rests: datetime | None = None) -> None:
        """Write what differs. A trouble that goes on keeps the time when it began."""
        name, before = f"{_ACCOUNT}{account}", self.trouble(account)
        if trouble and before and (trouble.code, dict(trouble.params)) == (before.code, dict(before.params)):
            trouble = before
        until = rests.isoformat() if rests else ""
        if trouble is None and not until:
            if name in self._root:
                del self._root[name]
            return
        told = (
            {"code": trouble.code, "params": dict(trouble.params), "since": trouble.since} if trouble else {"code": ""}
        )
        said = {**told, "rests": until}
        if self._root.get(name) != said:
            self._root[name] = said
