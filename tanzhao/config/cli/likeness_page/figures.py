"""What a report of likeness says in figures and words, ready for its page."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tanzhao.config.cli.likeness_page.texts import Marked, place_of
from tanzhao.documents.reading_words import left_out_list
from tanzhao.engines.likeness.texts import CommonPassage, Extracted, Pair, Part, Span

MOST_PAIRS = 5_000  # in one page; pairs.json has all
MOST_HOLDERS = 12  # shown at once
EXCERPT = 160  # characters of a common passage shown at once


@dataclass(frozen=True)
class Report:
    """What was compared and found, with the texts of all documents in it.

    Attributes:
        documents: how many were compared.
        skipped: (file, why it could not be read).
        pack: name and version of the pack of settings.
        left_out: by file, kinds and numbers of what nobody sees who opens it, and was not compared.
    """

    documents: int
    pairs: tuple[Pair, ...]
    common: tuple[CommonPassage, ...]
    skipped: tuple[tuple[str, str], ...]
    texts: Mapping[str, Extracted]
    pack: str = ""
    left_out: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)


def in_order(pairs: Sequence[Pair]) -> list[Pair]:
    """Give pairs most alike first; of equal ones, those with more shared wording first."""
    return sorted(
        pairs,
        key=lambda one: (
            -max(one.left_share, one.right_share),
            -min(one.left_share, one.right_share),
            -sum(passage.left.end - passage.left.start for passage in one.passages),
            one.left,
            one.right,
        ),
    )


def summary(report: Report) -> str:
    """Say in one sentence what was found."""
    said = _(
        "Documents compared: %(documents)s. Pairs that share wording: %(pairs)s. Common passages: "
        "%(common)s. Files that could not be read: %(skipped)s."
    )
    told = said % {
        "documents": f"{report.documents:,}",
        "pairs": f"{len(report.pairs):,}",
        "common": f"{len(report.common):,}",
        "skipped": f"{len(report.skipped):,}",
    }
    if not report.left_out:
        return told
    said = _("%(told)s Documents with hidden parts that were not compared: %(n)s.")
    return said % {"told": told, "n": f"{len(report.left_out):,}"}


def place(parts: Sequence[Part], at: int) -> str:
    """Say where in its file a character stands."""
    page, paragraph = place_of(parts, at)
    if page:
        return _("page %(page)s, paragraph %(paragraph)s") % {"page": page, "paragraph": paragraph}
    return _("paragraph %(paragraph)s") % {"paragraph": paragraph} if paragraph else ""


def per_cent(share: float) -> int:
    """Give whole per cent; only all is 100, and only nothing is 0."""
    if 0 < share < 1:
        return min(max(round(share * 100), 1), 99)
    return round(share * 100)


def hidden_in(report: Report) -> dict[str, str]:
    """List, for each file that holds some, what nobody sees in it."""
    return {key: left_out_list(report.left_out[key]) for key in sorted(report.left_out)}


def rows_of(
    pairs: Sequence[Pair], documents: Sequence[Marked], hidden: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Give the rows of the list of pairs, and under each its passages.

    hidden: by file, what nobody sees in it.
    """
    by_key = {one.key: one for one in documents}
    return [
        _row(number, pair, by_key[pair.left], by_key[pair.right], hidden)
        for number, pair in enumerate(pairs, 1)
    ]


def _row(
    number: int, pair: Pair, left: Marked, right: Marked, hidden: Mapping[str, str]
) -> dict[str, Any]:
    lengths = [passage.left.end - passage.left.start for passage in pair.passages]
    return {
        "number": number,
        "sides": [
            {
                "key": one.key,
                "folder": one.key.rpartition("/")[0],
                "name": one.key.rpartition("/")[2],
                "per_cent": per_cent(share),
                "sort": f"{share:.6f}",
                "of": _("of %(n)s characters") % {"n": f"{len(one.extracted.text):,}"},
                "at": one.number,
                "hidden": hidden.get(one.key, ""),
            }
            for one, share in ((left, pair.left_share), (right, pair.right_share))
        ],
        "open": _("Pair %(n)s side by side") % {"n": number},
        "passages": len(pair.passages),
        "longest": f"{max(lengths, default=0):,}",
        "longest_sort": max(lengths, default=0),
        "shown": [
            {
                "said": _("%(n)s characters, %(same)s %% the same")
                % {
                    "n": f"{passage.left.end - passage.left.start:,}",
                    "same": per_cent(passage.same),
                },
                "left": place(left.extracted.parts, passage.left.start),
                "right": place(right.extracted.parts, passage.right.start),
            }
            for passage in pair.passages
        ],
    }


def common_of(
    common: Sequence[CommonPassage], texts: Mapping[str, Extracted]
) -> list[dict[str, Any]]:
    """Give the common passages with their holders, as the page shows them."""
    return [_common(number, one, texts) for number, one in enumerate(common, 1)]


def _common(number: int, one: CommonPassage, texts: Mapping[str, Extracted]) -> dict[str, Any]:
    files = len({holder.key for holder in one.holders})
    holders = _holders(one, texts)
    said = ngettext("in %(n)s document", "in %(n)s documents", files)
    more = ngettext("%(n)s place more", "%(n)s places more", max(len(holders) - MOST_HOLDERS, 0))
    return {
        "number": number,
        "said": said % {"n": f"{files:,}"},
        "excerpt": one.text[:EXCERPT],
        "rest": one.text[EXCERPT:],
        "first": one.first,
        "template": one.template,
        "holders": holders[:MOST_HOLDERS],
        "others": holders[MOST_HOLDERS:],
        "more": more % {"n": f"{len(holders) - MOST_HOLDERS:,}"},
    }


def _holders(one: CommonPassage, texts: Mapping[str, Extracted]) -> list[dict[str, str]]:
    return [
        {"key": holder.key, "place": place(texts[holder.key].parts, holder.at.start)}
        if holder.key in texts
        else {"key": holder.key, "place": ""}
        for holder in one.holders
    ]


def script_data(
    pairs: Sequence[Pair],
    common: Sequence[CommonPassage],
    documents: Sequence[Marked],
    hidden: Mapping[str, str],
) -> str:
    """Give what the script shows pairs by, as JSON that can stand in a page.

    Texts are not in it: the script takes them from the page.
    """
    by_key = {one.key: one for one in documents}
    shared: dict[int, list[tuple[int, int, int]]] = {}
    for number, one in enumerate(common, 1):
        for holder in one.holders:
            if holder.key in by_key:
                entry = (holder.at.start, holder.at.end, number)
                shared.setdefault(by_key[holder.key].number, []).append(entry)
    document = {
        "documents": [
            [
                shown_key(one.key),
                len(one.extracted.text),
                sorted(shared.get(one.number, [])),
                shown_key(hidden.get(one.key, "")),
            ]
            for one in documents
        ],
        "pairs": [_pair_data(pair, by_key[pair.left], by_key[pair.right]) for pair in pairs],
        "words": _words(),
    }
    # No "<" in it can end the element that it stands in.
    return (
        json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def shown_key(key: str) -> str:
    """Give a name of a file with every character that a page can hold."""
    return key.encode("utf-8", "replace").decode("utf-8")


def _pair_data(pair: Pair, left: Marked, right: Marked) -> list[Any]:
    return [
        left.number,
        right.number,
        per_cent(pair.left_share),
        per_cent(pair.right_share),
        [
            [*one.left, *one.right, per_cent(one.same), _at(left, one.left), _at(right, one.right)]
            for one in pair.passages
        ],
    ]


def _at(document: Marked, span: Span) -> str:
    return place(document.extracted.parts, span.start)


def _words() -> dict[str, str]:
    """Give the words that the script says, with places in {braces}."""
    return {
        "left_out": _("{n} characters left out"),
        "fold": _("{n} characters without a match: show"),
        "shown": _("{n} of {all} pairs shown"),
        "of": _("{n} / {all}"),
        "passage": _("Passage {n}"),
        "letters": _("{n} characters"),
        "same": _("{n} % the same"),
        "share": _("{n} % of it stands in the other"),
        "common": _("Common passage {n}"),
        "differs": _("differs"),
        "hidden": _("Hidden in the file, and not compared: {what}"),
    }
