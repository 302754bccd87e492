"""Which sub-classes a finding can carry, and what the cross-walks of the frames suggest."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

from django.db.models import Q

from tanzhao.kernel.packs import packs_of_kind
from tanzhao.taxonomy.models import Code, Frame, in_reader_language
from tanzhao.taxonomy.queries import FRAME

CROSSWALK = "crosswalk.csv"


@dataclass
class FrameChoice:
    """A frame with its sub-classes in use, in groups by their class."""

    frame: Frame
    groups: dict[str, list[Code]] = field(default_factory=lambda: defaultdict(list))

    @property
    def field_name(self) -> str:
        return f"code_{self.frame.name}"

    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Give the groups as a choice field wants them."""
        return [
            (label, [(str(code.pk), str(code)) for code in codes])
            for label, codes in self.groups.items()
        ]


def frame_choices(main_frame_id: UUID) -> list[FrameChoice]:
    """Give every frame with its sub-classes in use, the frame of the round first.

    One query, however many frames are installed. A frame without sub-classes is left out.
    """
    codes = (
        Code.objects.filter(frame__kind=FRAME, retired=False, parent__isnull=False)
        .select_related("frame", "parent")
        .order_by("frame__name", "position")
    )
    found: dict[UUID, FrameChoice] = {}
    for code in codes:
        choice = found.setdefault(code.frame_id, FrameChoice(code.frame))
        choice.groups[str(code.parent)].append(code)
    return sorted(found.values(), key=lambda choice: choice.frame.pk != main_frame_id)


def suggested_codes(code: Code) -> list[Code]:
    """Give the sub-classes of other frames that the cross-walks put beside `code`.

    Read in both directions: there may be several in one frame, or none. A suggestion only;
    a person decides.
    """
    place = (code.frame.name, code.code)
    beside = _crosswalk().get(place, frozenset())
    if not beside:
        return []
    wanted = Q(pk__in=[])
    for frame_name, other in beside:
        wanted |= Q(frame__name=frame_name, code=other)
    found = Code.objects.filter(wanted, retired=False, parent__isnull=False)
    return list(found.select_related("frame", "parent").order_by("frame__name", "position"))


def class_labels() -> dict[str, str]:
    """Give the reader's word for each class and sub-class as an old ledger writes it."""
    codes = Code.objects.filter(frame__kind=FRAME).values_list("label_zh", "label_en")
    return {zh: in_reader_language(zh, en) for zh, en in codes}


@cache
def _crosswalk() -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
    pairs: defaultdict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for pack in packs_of_kind(FRAME):
        if not pack.has_table(CROSSWALK):
            continue
        for row in pack.table(CROSSWALK):
            here = (pack.name, row["code"])
            there = (row["other_frame"], row["other_code"])
            pairs[here].add(there)
            pairs[there].add(here)
    return {place: frozenset(beside) for place, beside in pairs.items()}
