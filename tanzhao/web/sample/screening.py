"""The comparison of the story: extracts registered and read, compared by the engine, answered."""

import datetime as dt
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from tanzhao.access.models import User
from tanzhao.documents.models import Run
from tanzhao.documents.states import RunState
from tanzhao.inspections.models import Engagement, Round
from tanzhao.kernel.packs import SHIPPED
from tanzhao.leads.actions import make_lead_from_hit
from tanzhao.screening.actions import (
    Answer,
    approve_comparison,
    assign_hits,
    carry_out_comparison,
    carry_out_loading,
    confirm_outcome,
    propose_outcome,
    receive_data_set,
    request_comparison,
    send_outcome_back,
)
from tanzhao.screening.models import Comparison, DataSet, Hit
from tanzhao.screening.states import Outcome
from tanzhao.web.sample.days import Days
from tanzhao.web.sample.people import MINUTE, Cast
from tanzhao.web.sample.playing import BadStory, Scene

EXTRACTS = SHIPPED / "samples" / "screening"
CENTS = 100


def comparing_data(days: Days, cast: Cast, texts: dict[str, Any]) -> Scene:
    """Data sets come, a comparison is asked for, approved and made, and its hits are given out."""
    round_ = partial(Round.objects.get, number=texts["round"])
    for said in texts["data_sets"]:
        at = days.at(said["received"], "10:20")
        yield at
        _register(days, said, round_(), cast.office["staff_a"], at)
    asked = texts["comparison"]
    at = days.at(asked["requested"], "15:10")
    yield at
    comparison = _request(days, asked, round_(), cast.office["staff_a"], at)
    at = days.at(asked["approved"], "09:20")
    yield at
    approve_comparison(comparison_id=comparison.pk, actor=cast.office["director"], at=at)
    comparison.refresh_from_db()
    _done_at_once(comparison.run, carry_out_comparison, at + MINUTE)
    at = days.at(asked["assigned"], "08:50")
    yield at
    assign_hits(
        hit_ids=Hit.objects.values_list("pk", flat=True),
        engagement_id=Engagement.objects.get(round=round_(), unit__name=texts["unit"]).pk,
        actor=cast.office["staff_a"],
        at=at,
    )
    waiting = texts["waiting"]
    at = days.at(waiting["requested"], "16:40")
    yield at
    _request(days, waiting, round_(), cast.office["staff_b"], at)


def answering_a_hit(days: Days, cast: Cast, said: dict[str, Any], place: int) -> Scene:
    """A member of the team goes and sees; the office confirms it or sends it back."""
    at = days.at(said["proposed"], "16:00") + place * MINUTE
    yield at
    hits = Hit.objects.filter(rule=said["rule"]).order_by("-amount_cents", "hit_id")
    hit = hits[said["place"] - 1]
    propose_outcome(
        hit_id=hit.pk, answer=_answer(said, at), actor=cast.inspectors[said["by"]], at=at
    )
    second = cast.office["staff_b"]
    if "returned" in said:
        at = days.at(said["returned"], "09:40") + place * MINUTE
        yield at
        send_outcome_back(hit_id=hit.pk, reason=said["reason"], actor=second, at=at)
    if "confirmed" in said:
        at = days.at(said["confirmed"], "10:40") + place * MINUTE
        yield at
        confirm_outcome(hit_id=hit.pk, actor=second, at=at)
    if "lead" in said:
        at = days.at(said["lead"], "11:10")
        yield at
        make_lead_from_hit(hit_id=hit.pk, actor=cast.office["staff_a"], at=at)


def _register(
    days: Days, said: Mapping[str, Any], round_: Round, actor: User, at: dt.datetime
) -> None:
    data_set = receive_data_set(
        title=said["title"],
        given_by=said["given_by"],
        received_on=days.day(said["received"]),
        letter=said["letter"],
        purpose=said["purpose"],
        expires=days.ahead(said["keeps"]),
        files=[((EXTRACTS / name).read_bytes(), name) for name in said["files"]],
        round_=round_,
        actor=actor,
        at=at,
    )
    _done_at_once(data_set.run, carry_out_loading, at + MINUTE)


def _request(
    days: Days, said: Mapping[str, Any], round_: Round, actor: User, at: dt.datetime
) -> Comparison:
    return request_comparison(
        purpose=said["purpose"],
        legal_basis=said["legal_basis"],
        data_set_ids=list(DataSet.objects.values_list("pk", flat=True)),
        rules={name: {} for name in said["rules"]},
        expires=days.ahead(said["keeps"]),
        round_=round_,
        actor=actor,
        at=at,
    )


def _done_at_once(run: Run | None, carry_out: Any, at: dt.datetime) -> None:
    """Do now what the page would have had done in the background."""
    if run is None:
        raise BadStory("Nothing was asked for.")
    carry_out(run_id=run.pk, stopwatch=float, clock=lambda: at)
    run.refresh_from_db()
    if run.state != RunState.DONE:
        raise BadStory(run.problem)


def _answer(said: Mapping[str, Any], at: dt.datetime) -> Answer:
    return Answer(
        outcome=Outcome(said["outcome"]),
        note=said["note"],
        verifier=said["by"],
        verified_on=(at - timedelta(days=1)).date(),
        evidence_kind=said.get("evidence_kind", ""),
        evidence=said.get("evidence", ""),
        **{name: said.get(name, 0) * CENTS for name in ("to_recover", "recovered", "stopped")},
    )
