"""Installing frames and vocabularies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.kernel.packs import Pack
from tanzhao.taxonomy.models import Code, Frame

SEPARATOR = "|"


@dataclass(frozen=True)
class Changes:
    """How many codes were added, changed (in wording, place or order) and retired."""

    added: int = 0
    changed: int = 0
    retired: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.retired)


@transaction.atomic
def install_frame(
    pack: Pack, *, at: datetime, actor: User | None = None, keep: bool = True
) -> Changes:
    """Install a frame or vocabulary. Codes it no longer lists are retired, never deleted.

    Safe to run twice: the second time nothing changes and nothing is recorded.

    Args:
        pack: as read_pack gives it, of kind "frame" or "vocabulary".
        keep: False says what would change, and changes nothing.
    """
    frame, is_new = Frame.objects.get_or_create(name=pack.name, defaults=_header(pack))
    header_changed = is_new or _changed(frame, _header(pack))
    frame.save()
    changes = _install_codes(frame, pack.table("terms.csv"))
    if not keep:
        transaction.set_rollback(True)
    elif header_changed or changes:
        record(
            verb=Verb.PACK_INSTALLED,
            actor=actor,
            target=frame,
            at=at,
            version=pack.version,
            added=changes.added,
            changed=changes.changed,
            retired=changes.retired,
        )
    return changes


def _header(pack: Pack) -> dict[str, Any]:
    return {
        "kind": pack.kind,
        "version": pack.version,
        "label_zh": pack.title_zh,
        "label_en": pack.title_en,
        "source": pack.source,
    }


def _install_codes(frame: Frame, rows: list[dict[str, str]]) -> Changes:
    present = {code.code: code for code in frame.codes.all()}
    added = changed = retired = 0
    for position, row in enumerate(rows, 1):
        code = present.get(row["code"]) or Code(frame=frame, code=row["code"], position=position)
        is_new, was_retired = code._state.adding, code.retired
        differs = _changed(code, _values(row, position, present))
        if is_new or differs:
            code.save()
        present[code.code] = code
        added += is_new
        retired += code.retired and not was_retired and not is_new
        changed += differs and not is_new and (code.retired == was_retired or not code.retired)
    dropped = frame.codes.exclude(code__in=[row["code"] for row in rows]).filter(retired=False)
    return Changes(added, changed, retired + dropped.update(retired=True))


def _values(row: Mapping[str, str], position: int, present: Mapping[str, Code]) -> dict[str, Any]:
    parent = row.get("parent", "")
    return {
        "parent_id": present[parent].pk if parent else None,
        "label_zh": row["label_zh"],
        "label_en": row["label_en"],
        "position": position,
        "synonyms": [word for word in row.get("synonyms", "").split(SEPARATOR) if word],
        "about_zh": row.get("about_zh", ""),
        "about_en": row.get("about_en", ""),
        "retired": row.get("retired", "") == "yes",
    }


def _changed(row: Frame | Code, values: Mapping[str, Any]) -> bool:
    differs = any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    return differs
