"""What a new document is compared with: a store, as the engine asks it. Light."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Postings(NamedTuple):
    """Who holds which prints, and where: one entry for each place, in four arrays as long.

    `hashes` (int64, not negative) are prints, `owners` (int32) places in `keys`, `starts` and
    `ends` (int32) characters of that document's text. `keys` stand in the order in which the
    documents came, so that who was first can be said. Entries may come in any order.
    """

    hashes: "NDArray[np.int64]"
    owners: "NDArray[np.int32]"
    starts: "NDArray[np.int32]"
    ends: "NDArray[np.int32]"
    keys: Sequence[str]


class Known(Protocol):
    """Documents that were compared already, with their prints. Templates are none of them."""

    def postings(self, hashes: "NDArray[np.int64]") -> Postings:
        """Give every place of these prints in the documents known."""
        ...

    def text(self, key: str) -> str:
        """Give the text of a document known."""
        ...

    def partners(self, key: str) -> Collection[str]:
        """Give the keys with which `key` makes a pair, by what was found so far: what may go."""
        ...
