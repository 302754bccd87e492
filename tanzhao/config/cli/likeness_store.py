"""`tanzhao likeness add` and `forget`: a store of compared documents that grows and shrinks."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tanzhao.config.cli.likeness_page.figures import in_order
from tanzhao.config.cli.likeness_reading import (
    Apart,
    add_pack,
    add_workers,
    apart_by_name,
    busy,
    by_of,
    carried_out,
    document,
    files_below,
    name_of,
    pack_of,
    progress,
    texts_of,
)
from tanzhao.config.cli.likeness_scan import pair_line
from tanzhao.config.cli.likeness_words import sentence
from tanzhao.config.cli.parsing import DONE, FAILED, Adder, command, fail, say
from tanzhao.engines.likeness.store import must_fit, open_store

if TYPE_CHECKING:
    from tanzhao.engines.likeness.keeping.adding import Added
    from tanzhao.engines.likeness.texts import CommonPassage

_SHOWN = 40  # letters of a common passage on a line


def add(inner: Adder) -> None:
    """Add the commands."""
    parser = command(
        inner,
        "add",
        help_text=_("add documents to a store, and show what they share with those in it"),
        example="tanzhao likeness add STORE REPORT.docx",
        run=add_files,
        needs_database=False,
    )
    parser.add_argument(
        "store", type=Path, metavar="STORE", help=_("the store of documents; made if missing")
    )
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help=_("documents, or folders of them")
    )
    add_pack(parser)
    add_workers(parser)
    parser = command(
        inner,
        "forget",
        help_text=_("delete documents from a store, with their texts and pairs"),
        example="tanzhao likeness forget STORE REPORT.docx",
        run=forget_documents,
        needs_database=False,
    )
    parser.add_argument("store", type=Path, metavar="STORE", help=_("the store of documents"))
    parser.add_argument(
        "names", nargs="+", metavar="NAME", help=_("documents, as they were named when added")
    )
    add_pack(parser)


def add_files(options: argparse.Namespace) -> int:
    """Add files to a store, all that can be read or none. Exits 1 if none could be read."""
    return carried_out(
        lambda: _add_files(options),
        stopped=_("Stopped. The store is as it was."),
        as_json=options.json,
    )


def _add_files(options: argparse.Namespace) -> int:
    from tanzhao.engines.likeness.keeping.adding import add as add_to_store
    from tanzhao.engines.likeness.keeping.adding import must_be_free

    apart = Apart()
    pack = pack_of(options)
    by = by_of(options, pack)
    # Before files are read, which may take long.
    must_be_free(options.store)
    if (options.store / "store.json").exists():
        must_fit(open_store(options.store), by.settings, by.wording)
    files = _named(options.files, options.store)
    with progress(len(files), _("reading files")) as show:
        texts = list(texts_of(files, pack, options.workers, apart, show))
    if not texts:
        return _told(None, apart, options)
    with progress(len(texts), _("comparing documents")) as show:
        added = add_to_store(options.store, texts, by, on_progress=show)
    apart.skipped += [(key, sentence("clashing", {})) for key in added.clashing]
    return _told(added, apart, options)


def _named(given: list[Path], store: Path) -> list[tuple[str, Path]]:
    """Give (name, path) of every file: names are the paths as they were given."""
    files = []
    for path in given:
        if path.is_dir():
            files += [(name_of(file), file) for _name, file in files_below(path, apart=[store])]
        else:
            files.append((name_of(path), path))
    return apart_by_name(files)


def _told(added: "Added | None", apart: Apart, options: argparse.Namespace) -> int:
    pairs = added.pairs if added else ()
    common = added.common if added else ()
    keys = added.keys if added else ()
    already = added.already if added else ()
    total = added.store.documents if added else 0
    answer = {
        **document(total, pairs, common, apart),
        "added": list(keys),
        "already": list(already),
    }
    lines = [pair_line(pair) for pair in in_order(pairs)]
    lines += [_common_line(one) for one in common]
    lines += [f"✗ {file}: {reason}" for file, reason in apart.skipped]
    lines += [_("· %(name)s was there already") % {"name": key} for key in already]
    said = ngettext(
        "%(added)s document added; the store has %(total)s.",
        "%(added)s documents added; the store has %(total)s.",
        len(keys),
    )
    lines.append(said % {"added": f"{len(keys):,}", "total": f"{total:,}"})
    say(answer, as_json=options.json, text="\n".join(lines))
    return DONE if keys or already else FAILED


def forget_documents(options: argparse.Namespace) -> int:
    """Delete documents from a store. Exits 1, with nothing deleted, if it has not all of them."""
    return carried_out(
        lambda: _forget_documents(options),
        stopped=_("Stopped. The store is as it was."),
        as_json=options.json,
    )


def _forget_documents(options: argparse.Namespace) -> int:
    from tanzhao.engines.likeness.keeping.forgetting import forget
    from tanzhao.engines.likeness.keeping.looking_up import KnownDocuments

    by = by_of(options, pack_of(options))
    known = KnownDocuments(open_store(options.store))
    for name in options.names:
        if name not in known:
            told = f"{name}: {sentence('unknown_key', {})}"
            return fail(told, as_json=options.json)
    with busy(_("deleting documents")):
        store = forget(options.store, options.names, by)
    count = len(set(options.names))
    said = ngettext(
        "%(gone)s document forgotten; the store has %(total)s.",
        "%(gone)s documents forgotten; the store has %(total)s.",
        count,
    )
    text = said % {"gone": f"{count:,}", "total": f"{store.documents:,}"}
    say({"forgotten": options.names, "documents": store.documents}, as_json=options.json, text=text)
    return DONE


def _common_line(one: "CommonPassage") -> str:
    text = one.text if len(one.text) <= _SHOWN else one.text[:_SHOWN] + "…"
    if one.template:
        said = _("· wording of the template “%(template)s”: %(text)s")
        return said % {"template": one.template, "text": text}
    said = _("· common wording of %(n)s documents: %(text)s")
    return said % {"n": len(one.holders), "text": text}
