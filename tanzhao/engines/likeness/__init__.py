"""The door of likeness: which documents share wording, and the passages that show it.

Values are in texts.py, settings.py and known.py, which load nothing. Numba and numpy are loaded
when one of these functions is first called.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tanzhao.engines.likeness.known import Known
    from tanzhao.engines.likeness.prints import Prints
    from tanzhao.engines.likeness.settings import Settings
    from tanzhao.engines.likeness.texts import CommonPassage, Found, Pair, Passage


def prints_of(text: str, settings: "Settings") -> "Prints":
    """Give the prints of a text: a pure function of it and of `gram` and `window`."""
    from tanzhao.engines.likeness import prints

    return prints.prints_of(text, settings)


def scan(
    documents: Mapping[str, str],
    settings: "Settings",
    *,
    allowed: Iterable[str] = (),
    templates: Mapping[str, str] | None = None,
) -> "Found":
    """Find every pair of documents that share passages, and the common passages.

    documents: key to text, in the order in which they came. A mapping that reads its texts when
        asked is enough: they are read once, and those of pairs again.
    allowed: texts that anybody may use; what stands in one is left out of everything.
    templates: name to text; wording that stands in one makes no pairs and is common.

    Returns: pairs by their keys; common passages, those with most holders first.
    """
    from tanzhao.engines.likeness import pairs

    return pairs.scan(documents, settings, allowed=allowed, templates=templates)


def passages_between(
    left: str, right: str, settings: "Settings", *, allowed: Iterable[str] = ()
) -> "tuple[Passage, ...]":
    """Find the passages that two texts share, in the order of the left.

    Nothing is known of other documents, so that all wording counts in full. Passages do not
    overlap on the left; one sentence of the right may be shown twice.
    """
    from tanzhao.engines.likeness import passages

    return passages.passages_between(left, right, settings, allowed=allowed)


def near_duplicates(
    texts: Mapping[str, str], *, least: float = 0.8, settings: "Settings | None" = None
) -> "list[Pair]":
    """Find the pairs of which one document is covered by the other to `least`, 0 to 1.

    Returns: most alike first, by the larger share, then by their keys. Of wording that more than
        `cap` documents have no pairs are made: see `common_passages`.
    """
    from tanzhao.engines.likeness import passages

    return passages.near_duplicates(texts, least=least, settings=settings)


def common_passages(
    texts: Mapping[str, str],
    settings: "Settings",
    *,
    allowed: Iterable[str] = (),
    templates: Mapping[str, str] | None = None,
) -> "tuple[CommonPassage, ...]":
    """Find the wording that more than `cap` texts share, those with most holders first."""
    from tanzhao.engines.likeness import passages

    return passages.common_passages(texts, settings, allowed=allowed, templates=templates)


def compare_with(
    known: "Known",
    key: str,
    text: str,
    settings: "Settings",
    *,
    allowed: Iterable[str] = (),
    templates: Mapping[str, str] | None = None,
) -> "Found":
    """Compare one new document with those that are known, none of which is printed again.

    Returns: the pairs of the new document, its common passages, and pairs of known documents
        that have changed because wording of theirs is more widely held now (`Found.gone`: those
        that are pairs no longer). Added one by one, documents have the pairs of one scan.
    """
    from tanzhao.engines.likeness import comparing

    return comparing.compare_with(known, key, text, settings, allowed=allowed, templates=templates)
