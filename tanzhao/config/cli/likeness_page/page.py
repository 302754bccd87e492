"""Writing a report of likeness as one HTML file."""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from django.template import Context, Engine
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tanzhao.config.cli.likeness_page.figures import (
    MOST_PAIRS,
    Report,
    common_of,
    hidden_in,
    in_order,
    rows_of,
    script_data,
    shown_key,
    summary,
)
from tanzhao.config.cli.likeness_page.texts import REPLACED, Marked, marked, shown_text, text_html

HERE = Path(__file__).parent


def write_page(file: Path, report: Report) -> None:
    """Write the report in the language that is active, whole or not at all.

    The same report gives the same bytes.
    """
    draft = file.with_name(f".{file.name}.draft")
    try:
        with draft.open("w", encoding="utf-8", errors="replace", newline="\n") as out:
            out.writelines(page(report))
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def page(report: Report) -> Iterator[str]:
    """Give the page in pieces."""
    pairs = in_order(report.pairs)
    shown = pairs[:MOST_PAIRS]
    documents = marked(shown, report.common, report.texts)
    hidden = hidden_in(report)
    mark = "\x00documents\x00"  # stands in no text of a page
    data = script_data(shown, report.common, documents, hidden)
    style, script = (_asset(name) for name in ("page.css", "page.js"))
    context = {
        "language": "zh-Hans" if (get_language() or "").startswith("zh") else "en",
        "style": style,
        "style_hash": _hash(style),
        "script": script,
        "script_hash": _hash(script),
        "summary": summary(report),
        "counts": {
            "pairs": f"{len(pairs):,}",
            "common": f"{len(report.common):,}",
            "skipped": f"{len(report.skipped):,}",
            "hidden": f"{len(hidden):,}",
        },
        "left_out": _left_out(len(shown), len(pairs)),
        "rows": rows_of(shown, documents, hidden),
        "common": common_of(report.common, report.texts),
        "skipped": [(shown_key(name), reason) for name, reason in report.skipped],
        "hidden": [(shown_key(name), what) for name, what in hidden.items()],
        "pack": report.pack,
        "data": mark_safe(data),  # noqa: S308  # has no "<"
        "documents": mark,
    }
    template = Engine(
        dirs=[str(HERE)], libraries={"i18n": "django.templatetags.i18n"}, autoescape=True
    ).get_template("page.html")
    before, after = str(template.render(Context(context))).split(mark)
    yield before.translate(REPLACED)
    yield from _documents(documents, hidden)
    yield after.translate(REPLACED)


def _documents(documents: Iterable[Marked], hidden: Mapping[str, str]) -> Iterator[str]:
    for one in documents:
        yield f'<noscript id="d{one.number}"><article class="text"><h3>'
        yield escape(shown_key(one.key)).translate(REPLACED)
        yield "</h3>"
        if one.key in hidden:
            said = _("Hidden in the file, and not compared: {what}").format(what=hidden[one.key])
            yield f'<p class="unseen">{shown_text(said)}</p>'
        yield '<div class="x">'
        yield from text_html(one)
        yield "</div></article></noscript>\n"


def _left_out(shown: int, of: int) -> str:
    if shown == of:
        return ""
    said = ngettext(
        "The %(shown)s pair that is most alike, of %(of)s. All are in pairs.json.",
        "The %(shown)s pairs that are most alike, of %(of)s. All are in pairs.json.",
        shown,
    )
    return said % {"shown": f"{shown:,}", "of": f"{of:,}"}


def _asset(name: str) -> SafeString:
    return mark_safe((HERE / name).read_text("utf-8"))  # noqa: S308  # our own file


def _hash(content: str) -> str:
    """Give what the page's policy lets through: nothing but this very content."""
    digest = hashlib.sha256(content.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
