"""What comparing goes by at this moment: the pack's settings, allowed wording and templates."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from tanzhao.documents.models import FileText
from tanzhao.documents.states import TextState
from tanzhao.engines.likeness.settings import Settings
from tanzhao.kernel.packs.likeness_texts import LikenessPack, read_likeness, wordings
from tanzhao.rectification.models import KeptWording, Writing
from tanzhao.rectification.states import WordingKind, WritingKind

# How letters are folded and prints packed; another number has every print made anew.
FOLDING = 1


@dataclass(frozen=True)
class Measures:
    """Settings, allowed wording, and templates by the key of their writing.

    `made_with` names what prints hang on, `fingerprint` what the answer of a comparison does.
    """

    settings: Settings
    allowed: tuple[str, ...]
    templates: Mapping[str, str]
    made_with: str
    fingerprint: str


def measures_now() -> Measures:
    """Give what comparing goes by now. Templates are those that have a writing."""
    pack = read_likeness()
    settings = Settings(**pack.comparing)
    allowed = (*pack.allowed, *_kept_allowed())
    templates = _templates(pack)
    made_with = _hash_of([FOLDING, settings.gram, settings.window])
    whole = [made_with, asdict(settings), allowed, sorted(templates.values())]
    return Measures(settings, allowed, templates, made_with, _hash_of(whole))


def templates_of_pack() -> Mapping[str, str]:
    """Give the pack's templates, text by title."""
    return read_likeness().templates


def _templates(pack: LikenessPack) -> dict[str, str]:
    writings = Writing.objects.filter(kind=WritingKind.TEMPLATE, kept__retired_at__isnull=True)
    texts = _texts_by_hash(writings.values_list("sha256", flat=True))
    return {
        str(one.pk): texts[one.sha256]
        for one in writings.order_by("handed_in_at", "pk")
        # One of the pack whose text has changed since is no template any more.
        if one.sha256 in texts
        and (one.kept_id is not None or pack.templates.get(one.title) == texts[one.sha256])
    }


def _kept_allowed() -> list[str]:
    kept = KeptWording.objects.filter(kind=WordingKind.ALLOWED, retired_at__isnull=True)
    hashes = kept.order_by("added_at", "pk").values_list("sha256", flat=True)
    texts = _texts_by_hash(hashes)
    return [line for one in hashes if one in texts for line in wordings(texts[one])]


def _texts_by_hash(hashes: Iterable[str]) -> dict[str, str]:
    read = FileText.objects.filter(sha256__in=list(hashes), state=TextState.READ)
    return dict(read.values_list("sha256", "text"))


def _hash_of(values: object) -> str:
    spelt = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(spelt.encode()).hexdigest()
