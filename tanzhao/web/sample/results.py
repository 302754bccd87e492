"""What comes of a round in the story: reports, feedback, rectification, the archive."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from tanzhao.access.models import User
from tanzhao.archive.actions import make_volume, seal_volume
from tanzhao.documents.models import Run
from tanzhao.documents.states import RunState
from tanzhao.findings.actions import (
    agree_report,
    approve_report,
    draft_report,
    make_report_files,
)
from tanzhao.findings.queries.feedback import next_number
from tanzhao.inspections.models import Engagement
from tanzhao.rectification.actions import (
    accept_plan,
    claim_done,
    close_item,
    issue_feedback_and_open_items,
    plan_item,
    reopen_item,
    report_progress,
    return_plan,
    verify_item,
)
from tanzhao.rectification.actions.stepping import Evidence
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.states import Answer, State
from tanzhao.web.sample.days import Days
from tanzhao.web.sample.files import document, picture
from tanzhao.web.sample.likeness import paper_of
from tanzhao.web.sample.people import MINUTE, Cast
from tanzhao.web.sample.playing import BadStory, Scene


def report_scene(
    days: Days, cast: Cast, plan: dict[str, Any], *, unit: str, texts: dict[str, str], place: int
) -> Scene:
    """The report on one unit, until the unit has been given its feedback."""
    team = plan["teams"][0]
    later = place * 20 * MINUTE
    at = days.at(plan["reported"], "10:00") + later
    yield at
    engagement = Engagement.objects.get(round__number=plan["number"], unit__name=unit)
    report = draft_report(
        engagement_id=engagement.pk,
        version=0,
        **days.filled(texts),
        actor=cast.inspectors[team["liaison"]],
        at=at,
    )
    at = days.at(plan["agreed"], "16:00") + later
    yield at
    leader = cast.inspectors[team["leader"]]
    agree_report(engagement_id=engagement.pk, version=report.version, actor=leader, at=at)
    at = days.at(plan["report_approved"], "11:00") + later
    yield at
    director = cast.office["director"]
    _report, run = approve_report(engagement_id=engagement.pk, actor=director, at=at)
    _finish(run, partial(make_report_files, run_id=run.pk, clock=lambda: at + MINUTE))
    at = days.at(plan["fed_back"], "15:00") + later
    yield at
    issue_feedback_and_open_items(
        engagement_id=engagement.pk,
        number=next_number(engagement, at.year),
        issued_date=at.date(),
        actor=cast.office["staff_b"],
        at=at,
    )


def archive_scene(days: Days, cast: Cast, *, day: int, unit: str, round_number: int) -> Scene:
    """The volume of an engagement whose items are all closed."""
    at = days.at(day, "16:40")
    yield at
    engagement = Engagement.objects.get(round__number=round_number, unit__name=unit)
    run = seal_volume(engagement_id=engagement.pk, actor=cast.office["staff_b"], at=at)
    work = partial(make_volume, run_id=run.pk, left_open_reason="", clock=lambda: at + MINUTE)
    _finish(run, work)


def _finish(run: Run, work: Callable[[], None]) -> None:
    """Do at once what a worker would do; there is none yet while the story is told."""
    work()
    run.refresh_from_db()
    if run.state != RunState.DONE:
        raise BadStory(f"{run}: {run.problem}")


def item_of_paper(unit: str, title: str) -> RectificationItem:
    """Give the item of the finding that was made from a paper of the story."""
    return RectificationItem.objects.get(unit__name=unit, finding__papers__title=title)


def old_item(unit: str, text: str) -> RectificationItem:
    """Give the open item of the old ledger whose text begins so; of two, the first."""
    items = RectificationItem.objects.filter(unit__name=unit, finding__imported=True)
    items = items.filter(state=State.IN_PROGRESS)
    item = items.filter(finding__fact__startswith=text).order_by("finding__serial").first()
    if item is None:
        raise BadStory(f"There is no old item of {unit} that begins: {text}")
    return item


def item_scene(
    days: Days,
    cast: Cast,
    *,
    unit: str,
    find: Callable[[], RectificationItem],
    steps: Sequence[dict[str, Any]],
    place: int,
) -> Scene:
    """What the unit, the office and the supervisors do with one item."""
    item_id: UUID | None = None
    for raw in steps:
        step = days.filled(raw)
        at = days.at(step["day"], "09:30") + place * 13 * MINUTE
        yield at
        item_id = item_id or find().pk
        take = _Step(days, cast, unit, item_id, step, at)
        getattr(take, step["do"])()


class _Step:
    """One step with an item: the names of its methods are the words of the story."""

    def __init__(
        self, days: Days, cast: Cast, unit: str, item_id: UUID, step: dict[str, Any], at: datetime
    ) -> None:
        self.days, self.step = days, step
        self.text: str = step.get("text", "")
        self.contact = cast.contacts[unit]
        self.other: User = cast.office[step.get("by", "staff_a")]
        self.common: dict[str, Any] = {"item_id": item_id, "at": at}

    def plan(self) -> None:
        plan_item(
            **self.common,
            actor=self.contact,
            measure=self.text,
            owner_name=self.step["owner"],
            due_date=self.days.ahead(self.step["due"]),
        )

    def return_plan(self) -> None:
        return_plan(**self.common, actor=self.other, reason=self.text)

    def accept(self) -> None:
        accept_plan(**self.common, actor=self.other)

    def progress(self) -> None:
        report_progress(
            **self.common, actor=self.contact, text=self.text, evidence=self._evidence()
        )

    def claim(self) -> None:
        claim_done(**self.common, actor=self.contact, text=self.text, evidence=self._evidence())

    def verify(self) -> None:
        answer = Answer(self.step["answer"])
        verify_item(**self.common, actor=self.other, answer=answer, reason=self.text)

    def close(self) -> None:
        close_item(**self.common, actor=self.other, note=self.text)

    def reopen(self) -> None:
        reopen_item(
            **self.common,
            actor=self.other,
            reason=self.text,
            due_date=self.days.ahead(self.step["due"]),
        )

    def _evidence(self) -> list[Evidence]:
        pieces = []
        if lines := self.step.get("lines"):
            pieces.append(Evidence(document(lines[0], lines[1:]), f"{lines[0]}.docx"))
        if name := self.step.get("photo"):
            pieces.append(Evidence(picture(name), f"{name}.png"))
        if name := self.step.get("paper"):
            pieces.append(paper_of(self.days, name))
        return pieces
