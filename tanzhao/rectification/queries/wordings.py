"""Reads of templates and allowed wording: the office's own, and the pack's."""

from dataclasses import dataclass

from tanzhao.access.models import User
from tanzhao.documents.models import FileText
from tanzhao.documents.reading_words import left_out_list, words_of
from tanzhao.documents.states import TextState
from tanzhao.engines.likeness.extract import Unreadable
from tanzhao.kernel.packs.likeness_texts import read_likeness
from tanzhao.rectification.models import KeptWording
from tanzhao.rectification.states import WordingKind

SHOWN = 160


@dataclass(frozen=True)
class WordingLine:
    """A wording, the beginning of its text, and why its file could not be read. Neither: the
    file is still to be read. `hidden`: what of the file is not in its text: nobody sees it."""

    wording: KeptWording
    excerpt: str
    problem: str
    hidden: str = ""


def wording_lines(user: User) -> list[WordingLine]:
    """Give what the office keeps, what is in use first, the latest first."""
    found = KeptWording.objects.visible_to(user).select_related("file", "added_by", "retired_by")
    rows = sorted(found, key=lambda one: one.retired_at is not None)
    texts = FileText.objects.filter(sha256__in=[one.sha256 for one in rows])
    by_hash = {one.sha256: one for one in texts.defer("parts", "prints")}
    return [_line(one, by_hash.get(one.sha256)) for one in rows]


def wordings_of_pack() -> list[tuple[str, str, str]]:
    """Give the wording that the pack brings: kind, name ("" for one of many), its beginning."""
    pack = read_likeness()
    templates = [
        (WordingKind.TEMPLATE.value, name, " ".join(text.split())[:SHOWN])
        for name, text in pack.templates.items()
    ]
    return templates + [(WordingKind.ALLOWED.value, "", text[:SHOWN]) for text in pack.allowed]


def why_unread(text: FileText | None) -> str:
    """Say why the text of a file could not be read; "" if it could, or if nobody has tried."""
    if text is None or text.state != TextState.REFUSED:
        return ""
    return words_of(Unreadable(text.reason, text.reason_values))


def hidden_in(text: FileText | None) -> str:
    """List what a file holds that nobody sees who opens it, and is not in its text; "" if
    nothing."""
    return left_out_list(sorted(text.left_out.items())) if text is not None else ""


def _line(wording: KeptWording, text: FileText | None) -> WordingLine:
    read = wording.text or (text.text if text is not None else "")
    excerpt = " ".join(read[: SHOWN * 2].split())[:SHOWN]
    return WordingLine(wording, excerpt, why_unread(text), hidden_in(text))
