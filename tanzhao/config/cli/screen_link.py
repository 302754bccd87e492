"""`tanzhao screen link`: whom rows without a usable number may mean, each link explained."""

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tanzhao.config.cli.parsing import DONE, Adder, command, fail, say
from tanzhao.config.cli.screen_rules import shipped_datasets
from tanzhao.engines.screening.linking import (
    Example,
    Model,
    Outcome,
    link,
    unlink,
)
from tanzhao.engines.screening.store import NoStore, Store, open_store
from tanzhao.screening.linking import linking_models
from tanzhao.screening.linking_words import BASES, SUBJECTS, bits, figures, said_of

SHOWN = 3


def add(inner: Adder) -> None:
    """Add the command that links."""
    parser = command(
        inner,
        "link",
        help_text=_("link rows without a usable number to known people and firms, and explain it"),
        example="tanzhao screen link STORE --least-weight 300",
        run=link_store,
        needs_database=False,
    )
    parser.add_argument("store", type=Path, metavar="STORE", help=_("the store"))
    parser.add_argument(
        "--least-weight",
        type=int,
        metavar="N",
        help=_("what a link weighs at least, in hundredths of a bit; as the pack has it if left"),
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE.json",
        help=_("write every link there with its explanation"),
    )
    parser.add_argument("--undo", action="store_true", help=_("take all links back"))
    parser.add_argument("--memory", default="2GB", metavar="4GB", help=_("most memory"))
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, metavar="N")


def link_store(options: argparse.Namespace) -> int:
    """Link a store, or take its links back."""
    datasets = shipped_datasets()
    try:
        store = open_store(options.store)
        if options.undo:
            count = unlink(store, datasets)
            text = _("%(count)s links taken back.") % {"count": f"{count:,}"}
            say({"undone": count}, as_json=options.json, text=text)
            return DONE
        outcomes = link(
            store,
            datasets,
            [(_lowered(model, options.least_weight), sounds) for model, sounds in linking_models()],
            threads=options.threads,
            memory=options.memory,
            examples=None if options.out else SHOWN,
        )
    except NoStore as error:
        return fail(str(error), as_json=options.json)
    document = {"store": str(options.store), "linked": [_document(one) for one in outcomes]}
    if options.out:
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        options.out.write_text(text, "utf-8")
    shown = "\n".join(line for one in outcomes if one.rows for line in _lines(store, one))
    shown = shown or _("Every row has a usable number.")
    say(document, as_json=options.json, text=shown)
    return DONE


def _lowered(model: Model, least: int | None) -> Model:
    return model if least is None else replace(model, least_weight=least)


def _document(outcome: Outcome) -> dict[str, Any]:
    document = asdict(outcome)
    document["examples"] = [
        {**asdict(one), "lines": [_line(line) for line in one.lines]} for one in outcome.examples
    ]
    return document


def _line(line: Any) -> dict[str, Any]:
    return {
        "comparison": line.code,
        "level": line.level,
        "weight": line.weight,
        "said": said_of(line),
    }


def _lines(store: Store, outcome: Outcome) -> Iterator[str]:
    yield _(SUBJECTS[outcome.subject]) % {
        "rows": f"{outcome.rows:,}",
        "known": f"{outcome.known:,}",
    }
    for word, number in figures(outcome):
        yield f"  {number:>10,}  {word}"
    for example in _lightest(outcome):
        yield from _explained(store, example)


def _lightest(outcome: Outcome) -> Iterator[Example]:
    """Give the lightest links of each basis: what is weakest is looked at first."""
    for basis in BASES:
        yield from [one for one in outcome.examples if one.basis == basis][:SHOWN]


def _explained(store: Store, example: Example) -> Iterator[str]:
    source = next(one for one in store.sources if one.key == example.source_key)
    place = f"{source.file} · {source.sheet}" if source.sheet else source.file
    yield ""
    yield _("%(name)s (%(place)s, row %(row)s) → %(known)s: %(weight)s bits, %(basis)s") % {
        "name": example.name,
        "place": place,
        "row": example.row_number,
        "known": example.known_name,
        "weight": bits(example.weight),
        "basis": _(BASES[example.basis]),
    }
    for line in example.lines:
        yield f"  {bits(line.weight):>8}  {said_of(line)}"
