"""How a person is named where nobody may learn who it is."""

from hmac import new
from unicodedata import normalize


def of_address(secret: bytes, address: str) -> str:
    """`Facts.author` of who left this e-mail address: whoever reads it cannot tell which one it was."""
    known = normalize("NFC", address).strip().lower()
    return f"mail:{new(secret, known.encode('utf-8', 'replace'), 'sha256').hexdigest()[:32]}"


def of_user(id: str) -> str:
    """`Facts.author` of a member."""
    return f"user:{id}"
