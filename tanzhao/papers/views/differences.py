"""What two people wrote, as rows of words for the page."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tanzhao.papers.models import WorkingPaper
from tanzhao.papers.queries import members_of, method_codes, questions
from tanzhao.papers.states import DistinctionAnswer
from tanzhao.papers.wording import ChangedBy, Difference, Distinction, FactText


@dataclass(frozen=True)
class Row:
    """One place that differs. `must_choose` says that both have changed it."""

    key: str
    label: str
    mine: str
    theirs: str
    changed_by: str
    must_choose: bool


def rows_of(differences: list[Difference], paper: WorkingPaper) -> list[Row]:
    """Say each difference in words."""
    words = _Words(paper)
    return [
        Row(
            key=one.key,
            label=words.label(one),
            mine=words.value(one.mine),
            theirs=words.value(one.theirs),
            changed_by=one.changed_by.value,
            must_choose=one.changed_by == ChangedBy.BOTH,
        )
        for one in differences
    ]


class _Words:
    def __init__(self, paper: WorkingPaper) -> None:
        self.paper = paper
        self.methods = method_codes()
        self.questions = {code.code: str(code) for code in questions()}
        members = members_of(paper.engagement)
        self.names = {str(member.inspector_id): str(member) for member in members}

    def label(self, one: Difference) -> str:
        kind, _colon, key = one.key.partition(":")
        if kind == "fact":
            return _("Fact “%(start)s”") % {"start": (one.mine or one.theirs).what[:16]}
        if kind == "distinction":
            return self.questions.get(key, key)
        if kind == "handlers":
            return _("Handlers")
        return str(self.paper._meta.get_field(kind).verbose_name)  # type: ignore[union-attr]

    def value(self, value: Any) -> str:
        match value:
            case None:
                return _("(not there)")
            case FactText():
                method = str(self.methods.get(value.method, ""))
                parts = (value.what, value.when, value.where, value.how_much, method)
                return "\n".join(part for part in parts if part)
            case Distinction():
                known = value.answer in DistinctionAnswer.values
                answer = str(DistinctionAnswer(value.answer).label) if known else ""
                return "\n".join(part for part in (answer, value.reason) if part)
            case tuple():
                return _(", ").join(str(self.names.get(key, key)) for key in value)
        return str(value) or _("(empty)")
