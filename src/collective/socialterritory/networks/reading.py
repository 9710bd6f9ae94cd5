"""The abilities of reading: what our accounts say, what anybody says, what others answer to us, how far it got.

As those of model.py they are Protocols, and code asks `isinstance(network, Reads)`.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.http import Http
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.entries import Hearing
from collective.socialterritory.networks.entries import Reading
from collective.socialterritory.networks.model import Credentials
from decimal import Decimal
from typing import Protocol
from typing import runtime_checkable


@runtime_checkable
class Reads(Protocol):
    """Tells what the account itself said lately. accounts.rules.may_read() says who pays for it, and when."""

    def fee(self, credentials: Credentials, limit: int) -> Decimal:
        """The most US dollars that a reading can cost; 0 where reading is free. Asks nobody."""

    def read(self, http: Http, credentials: Credentials, limit: int, since: str = "") -> Reading:
        """At most `limit` entries, 1 to 100; replies and reposts are among them.

        `since`: that of an earlier reading. Then only what is newer, so that nothing is paid twice; what was newest may
        come again, with the same id. What was changed, deleted, listed late or one too many shows in a reading without
        it alone. Raises Unauthorized, Rejected, Billing, Transient.
        """


@runtime_checkable
class Follows(Protocol):
    """Tells what anybody said lately, to whoever asks: no account of ours is needed. See Feed."""

    def subject(self, url: str) -> str:
        """The one address of what can be followed there, an account or a hashtag; "" for anything else. Asks nobody."""

    def follow(self, http: Http, subject: str, limit: int) -> Feed:
        """At most `limit` entries, 1 to 100, fewer where the network lists fewer at once. `subject`: see above.

        Raises Rejected (profile_gone, anonymous_refused, members_only), Transient.
        """


@runtime_checkable
class Hears(Protocol):
    """Tells what others answered to a post of ours."""

    def hear(self, http: Http, credentials: Credentials, id: str, known: Sequence[str] = ()) -> Hearing:
        """The replies to our post `id`, those to replies too; of what is not for everybody nothing is told.

        `known`: ids of replies that were heard before; where a network lists a part only, it is asked for them as well.
        `http` should take a body of some MB. Raises Unauthorized ("scopes" where a right is missing), Rejected,
        Transient.
        """


@runtime_checkable
class Measures(Protocol):
    """Tells how far posts of ours got. `at_once`: of how many, 1 to 100, one call can tell; more are not asked for."""

    at_once: int

    def toll(self, credentials: Credentials, count: int) -> Decimal:
        """The US dollars that measuring so many posts costs, a price for each; 0 where it is free. Asks nobody.

        `credentials` empty: as far as that is known before.
        """

    def measure(self, http: Http, credentials: Credentials, ids: Sequence[str]) -> Mapping[str, Counts]:
        """By the id of each of these posts of ours that is there still.

        Raises Unauthorized ("scopes" where a right is missing), Rejected, Billing, Transient.
        """


class Free:
    """A base for networks where `Reads` and `Measures` cost nothing."""

    def fee(self, credentials: Credentials, limit: int) -> Decimal:
        return Decimal(0)

    def toll(self, credentials: Credentials, count: int) -> Decimal:
        return Decimal(0)
