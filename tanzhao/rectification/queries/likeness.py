"""Reads of likenesses. The other document is there only for whom it is open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.documents.models import FileText
from tanzhao.rectification.models import (
    Inquiry,
    Likeness,
    LikenessAnswer,
    RectificationItem,
    Writing,
)
from tanzhao.rectification.queries.wordings import hidden_in, why_unread
from tanzhao.rectification.states import LikenessOutcome, Relation, WritingKind, WritingState

type Likenesses = QuerySet[Likeness]

# What comes from a template is said, not asked: it may be answered, and waits for nobody.
WAITS = Q(answer="") & ~Q(relation=Relation.TEMPLATE)

OPEN = "open"
# Names of orders to fields; what is not open to the reader takes no part in an order.
ORDERS = {
    "letters": ("-shown_letters", "-found_at", "pk"),
    "day": ("-found_at", "pk"),
    "unit": ("later__item__unit__position", "later__item__unit__name", "-found_at", "pk"),
}
DEFAULT_ORDER = "letters"


@dataclass(frozen=True)
class Asked:
    """What a reader asks of a list of likenesses; what is None or empty narrows nothing.

    `answer` is one of LikenessOutcome, "open" (waits for an answer), "answered" or "mine" (the
    reader is to answer it).
    """

    round: UUID | None = None
    unit: UUID | None = None
    relation: str = ""
    kind: str = ""
    answer: str = ""

    def condition(self) -> Q:
        """Give the filter, but for "mine". Of what is not open nothing can be asked."""
        found = Q()
        if self.round:
            found &= Q(later__item__finding__engagement__round=self.round)
        if self.unit:
            own = Q(later__item__unit=self.unit)
            found &= own | Q(earlier__item__unit=self.unit, is_open=True)
        if self.relation:
            found &= Q(relation=self.relation, is_open=True)
        if self.kind:
            found &= Q(later__kind=self.kind)
        if self.answer == "answered":
            found &= ~Q(answer="")
        elif self.answer in {OPEN, "mine"}:
            found &= WAITS
        elif self.answer:
            found &= Q(answer=self.answer)
        return found


def likenesses_of(user: User) -> Likenesses:
    """Give the likenesses `user` may know of, with `is_open`, whether they may read the other
    document too, and `shown_letters`, how many letters are alike as far as they may know."""
    readable = Writing.objects.visible_to(user).filter(pk=OuterRef("earlier")).order_by()
    found = Likeness.objects.visible_to(user).annotate(
        is_open=Case(When(Exists(readable), then=Value(True)), default=Value(False),
                     output_field=BooleanField())
    )  # fmt: skip
    letters = Case(When(is_open=True, then="letters"), default=0, output_field=IntegerField())
    return with_both(found.annotate(shown_letters=letters))


def with_both(found: Likenesses) -> Likenesses:
    """Read both writings along, with what a page says of them."""
    return found.select_related(
        *(
            f"{side}__{what}"
            for side in ("later", "earlier")
            for what in ("item__finding", "item__unit", "step", "piece", "kept")
        ),
        "answered_by",
    )


def sees_both(user: User, likeness: Likeness) -> bool:
    """Say whether `user` may read both documents of a likeness."""
    keys = [likeness.later_id, likeness.earlier_id]
    return Writing.objects.visible_to(user).filter(pk__in=keys).count() == len(keys)


@dataclass(frozen=True)
class Question:
    """A likeness as an item or a list says it. `other` and `place` are "" where the other
    document is not open to the reader; `said`: all answers, the latest first."""

    likeness: Likeness
    title: str
    is_open: bool
    other: str
    place: str
    said: tuple[LikenessAnswer, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether somebody has to answer. What comes from a template is said, not asked."""
        return not self.likeness.answer and self.likeness.relation != Relation.TEMPLATE


def question_of(likeness: Likeness, said: Iterable[LikenessAnswer] = ()) -> Question:
    """Give a likeness (from `likenesses_of`) in words."""
    is_open: bool = likeness.is_open  # type: ignore[attr-defined]  # annotated by the query
    return Question(
        likeness=likeness,
        title=title_of(likeness.later),
        is_open=is_open,
        other=title_of(likeness.earlier) if is_open else "",
        place=place_of(likeness.earlier) if is_open else "",
        said=tuple(said),
    )


def questions_at(item: RectificationItem, user: User) -> list[Question]:
    """Give what `user` is asked at an item, what waits for an answer first."""
    if not user.holds(Action.LIKENESS_SEE):
        return []
    answers = LikenessAnswer.objects.select_related("by").order_by("-at", "pk")
    found = likenesses_of(user).filter(later__item=item)
    found = found.prefetch_related(Prefetch("answers", answers))
    questions = [question_of(one, one.answers.all()) for one in found]
    return sorted(
        questions,
        key=lambda one: (not one.waits, bool(one.likeness.answer), -one.likeness.letters),
    )


@dataclass(frozen=True)
class Apart:
    """A writing that was not compared, or not all of it. `problem`: why it could not be read;
    `hidden`: what was left out because nobody sees it. Neither: it is still to be compared."""

    writing: Writing
    title: str
    problem: str
    hidden: str


def writings_apart(item: RectificationItem, user: User) -> list[Apart]:
    """Give what of an item was not compared: files that could not be read, those that are still
    to be compared, and those that hold what nobody sees who opens them."""
    if not user.holds(Action.LIKENESS_SEE):
        return []
    found = Writing.objects.visible_to(user).filter(item=item).order_by("handed_in_at", "pk")
    writings = list(found)
    if not writings:
        return []
    texts = FileText.objects.filter(sha256__in=[one.sha256 for one in writings])
    by_hash = {one.sha256: one for one in texts.defer("text", "parts", "prints")}
    apart = []
    for one in writings:
        text = by_hash.get(one.sha256)
        if one.state == WritingState.WAITING:
            apart.append(Apart(one, title_of(one), "", ""))
        elif one.state == WritingState.UNREADABLE or hidden_in(text):
            apart.append(Apart(one, title_of(one), why_unread(text), hidden_in(text)))
    return apart


def unanswered_for(user: User) -> Likenesses:
    """Give the likenesses `user` is to answer: the same answer as `rules.may_answer`, as a
    filter. Another unit's first, then the longest."""
    found: Likenesses = likenesses_of(user).filter(WAITS, Q(is_open=True))
    if not user.holds(Action.LIKENESS_ANSWER):
        return found.none()
    apart = Q(later__item__claimed_by__isnull=True) | ~Q(later__item__claimed_by=user)
    if user.full_name:
        apart &= ~Q(later__item__owner_name=user.full_name)
    return found.filter(apart).order_by("-found_at", "-letters", "pk")


def inquiries_waiting_for(user: User) -> QuerySet[Inquiry]:
    """Give the questions to a keeper that `user` may reply to, the oldest first."""
    if not user.holds(Action.LIKENESS_REPLY):
        return Inquiry.objects.none()
    found = Inquiry.objects.visible_to(user).filter(replied_at__isnull=True)
    readable = Writing.objects.visible_to(user).filter(pk=OuterRef("likeness__earlier"))
    found = found.filter(Exists(readable.order_by())).exclude(asked_by=user)
    return found.select_related("asked_by", "likeness__later__item__unit").order_by(
        "asked_at", "pk"
    )


def matching(user: User, asked: Asked) -> Likenesses:
    """Give the likenesses `user` may know of that fit what was asked."""
    found = unanswered_for(user) if asked.answer == "mine" else likenesses_of(user)
    return found.filter(asked.condition())


def figures_of(found: Likenesses) -> dict[str, int]:
    """Count likenesses: total, open (wait for an answer), answered, and by what was answered."""
    by_answer = {one.value: Count("pk", filter=Q(answer=one)) for one in LikenessOutcome}
    return found.order_by().aggregate(
        total=Count("pk"),
        open=Count("pk", filter=WAITS),
        answered=Count("pk", filter=~Q(answer="")),
        **by_answer,
    )


def units_asked(user: User, round_id: UUID | None = None) -> list[tuple[UUID, str]]:
    """Give the units at whose items `user` may know of likenesses, for a filter."""
    found = Likeness.objects.visible_to(user).order_by()
    if round_id is not None:
        found = found.filter(later__item__finding__engagement__round=round_id)
    rows = found.values_list(
        "later__item__unit", "later__item__unit__name", "later__item__unit__position"
    ).distinct()
    return [(key, name) for key, name, _position in sorted(rows, key=lambda row: (row[2], row[1]))]


def title_of(writing: Writing) -> str:
    """Name a writing as a person would: the file, the template, or which words of a step."""
    if writing.kind == WritingKind.TEMPLATE:
        return _("template “%(name)s”") % {"name": writing.title}
    if writing.kind == WritingKind.FILE:
        return _("“%(name)s”") % {"name": writing.title}
    return str(writing.get_kind_display())


def title_beside(writing: Writing, other: Writing) -> str:
    """Name a writing beside another: with its unit, if the other one is another unit's."""
    title = title_of(writing)
    if writing.item is None or other.item is None or writing.item.unit_id == other.item.unit_id:
        return title
    return _("%(title)s of %(unit)s") % {"title": title, "unit": writing.item.unit.name}


def place_of(writing: Writing) -> str:
    """Say where a writing was handed in: its unit and item; "" for a template."""
    if writing.item is None:
        return ""
    return _("%(unit)s: %(item)s") % {"unit": writing.item.unit.name, "item": writing.item}


def likeness_rows(found: Iterable[Likeness]) -> Iterator[list[Any]]:
    """Give the cells of each likeness as a list shows them; of what is not open, nothing."""
    for one in found:
        later, earlier = one.later, one.earlier
        item = later.item
        assert item is not None  # noqa: S101  a template is never the later one
        is_open: bool = getattr(one, "is_open", False)
        other: list[Any] = ["", _("not open to you"), "", "", "", ""]
        if is_open:
            other = [
                str(Relation(one.relation).label),
                title_of(earlier),
                place_of(earlier),
                one.passage_count,
                one.letters,
                round(one.later_share * 100),
            ]
        yield [
            item.round_number, item.unit.name, str(item), title_of(later), later.handed_in_at,
            *other, one.get_answer_display() if one.answer else "",
            str(one.answered_by or ""), one.answered_at or "", one.found_at,
        ]  # fmt: skip
