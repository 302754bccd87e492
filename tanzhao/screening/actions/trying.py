"""Trying a draft of a rule in the background, beside the version in use.

On made-up rows everything is shown. On the data of a comparison only numbers are: whom a draft
points at is nobody's business until a comparison with it is approved.

A trial is kept as: `on` ("made_up" or the comparison's name), `old_version` ("" for a new rule),
`new`, `old`, `both` (each `hits` and `amount_cents`), `lines` (made-up rows only: `which` "new" or
"old", `why_zh`, `why_en`), `seconds`, or `problem`.
"""

import datetime as dt
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.actions import Outcome, carry_out_reading, start_run
from tanzhao.documents.models import Run
from tanzhao.documents.states import RunKind
from tanzhao.engines.screening.rules import BadRule
from tanzhao.engines.screening.store import Store, open_store
from tanzhao.kernel.locking import locked
from tanzhao.kernel.packs import SHIPPED
from tanzhao.kernel.verdict import Refused, require
from tanzhao.screening import room, tasks
from tanzhao.screening.actions.comparing import store_of_comparison
from tanzhao.screening.linting import datasets, engine_rule
from tanzhao.screening.models import Comparison, OfficeRule
from tanzhao.screening.rulebook import rulebook
from tanzhao.screening.rules.office_rules import may_try_rule
from tanzhao.screening.running import made_by_rule
from tanzhao.screening.watching import Watch

MADE_UP = "made_up"
MOST_LINES = 40
NOTHING = {"hits": 0, "amount_cents": 0}
# Made-up rows are about nobody: they need no purpose and never expire.
NO_ORDER = {"purpose": "-", "approver": "-", "legal_basis": "-", "expires": dt.date.max}


@transaction.atomic
def ask_for_trial(*, rule_id: UUID, comparison_id: UUID | None, actor: User, at: datetime) -> Run:
    """Ask that a draft be tried: on made-up rows, or on the data of a comparison.

    Raises: OfficeRule.DoesNotExist, Comparison.DoesNotExist, Refused.
    """
    rule = locked(OfficeRule.objects.visible_to(actor), rule_id)
    on = None
    if comparison_id is not None:
        on = Comparison.objects.visible_to(actor).get(pk=comparison_id)
    require(may_try_rule(actor, rule, on))
    run = start_run(
        kind=RunKind.RULE_TRY, actor=actor, at=at, subject_id=rule.pk, subject_name=str(rule)
    )
    rule.run, rule.trial, rule.trial_on = run, {}, on
    rule.save(update_fields=["run", "trial", "trial_on"])
    record(
        verb=Verb.RULE_TRIED,
        actor=actor,
        target=rule,
        at=at,
        rule=rule.name,
        version=rule.version,
        on=str(on) if on else MADE_UP,
    )
    transaction.on_commit(partial(tasks.try_rule.enqueue, str(run.pk)))
    return run


def carry_out_trial(
    *, run_id: UUID, stopwatch: Callable[[], float], clock: Callable[[], datetime]
) -> None:
    """Try the draft that a run asks for. Doing it twice does it once."""
    key = Run.objects.get(pk=run_id).subject_id
    carry_out_reading(
        run_id=run_id,
        read=partial(_try, stopwatch=stopwatch),
        clock=clock,
        go_back=reverse("screening:office_rule", args=[key]),
    )


def _try(run: Run, *, stopwatch: Callable[[], float]) -> Callable[[], Outcome]:
    """Do what takes long: run the draft and the version in use. Changes no row."""
    assert run.subject_id is not None  # noqa: S101  ask_for_trial names the rule
    rule = OfficeRule.objects.select_related("trial_on").get(pk=run.subject_id)
    watch = Watch(run.pk, stopwatch)
    workshop = room.workshop(run.pk)
    try:
        trial = _compared(rule, workshop, watch)
    finally:
        room.clear(workshop)
    return partial(_keep, rule, trial)


def _compared(rule: OfficeRule, workshop: Path, watch: Watch) -> dict[str, Any]:
    began = watch.stopwatch()
    store = (
        store_of_comparison(rule.trial_on, watch)
        if rule.trial_on
        else made_up_store(workshop, watch)
    )
    try:
        draft = engine_rule(rule)
    except BadRule as error:
        raise Refused(_("The sheet of the rule is not whole yet.")) from error
    in_use = rulebook().get(rule.name)
    new = made_by_rule(store, draft, workshop / "new", watch=watch)
    old = made_by_rule(store, in_use.engine_rule(), workshop / "old", watch=watch) if in_use else {}
    both = new.keys() & old.keys()
    trial: dict[str, Any] = {
        "on": str(rule.trial_on) if rule.trial_on else MADE_UP,
        "old_version": in_use.version if in_use else "",
        "new": _sum(new, new.keys()),
        "old": _sum(old, old.keys()),
        "both": _sum(new, both),
        "seconds": round(watch.stopwatch() - began, 1),
    }
    if rule.trial_on is None:
        lines = [("new", new[key]) for key in new if key not in both]
        lines += [("old", old[key]) for key in old if key not in both]
        trial["lines"] = [
            {"which": which, "why_zh": row["why_zh"], "why_en": row["why_en"]}
            for which, row in lines[:MOST_LINES]
        ]
    return trial


def _sum(hits: Mapping[str, Mapping[str, Any]], keys: Any) -> dict[str, int]:
    amounts = [hits[key].get("amount_cents") or 0 for key in keys]
    return {"hits": len(amounts), "amount_cents": sum(amounts)} if amounts else dict(NOTHING)


def made_up_store(workshop: Path, watch: Watch) -> Store:
    """Load the examples of all shipped rules together: made-up rows of every canonical table.

    They are loaded once; other examples, as after an upgrade, are another store.
    """
    from tanzhao.engines.screening.loading import load
    from tanzhao.engines.screening.loading.mapping import map_from

    files = sorted(
        file for file in (SHIPPED / "screening").glob("*/example/*.csv") if file.stem != "hits"
    )
    place = room.room() / f"made-up-{_digest(files)}"
    if not room.is_there(place):
        extracts, sources = workshop / "extracts", []
        for file in files:
            name = f"{file.parent.parent.name}/{file.name}"
            (extracts / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, extracts / name)
            sources.append({"files": name, "table": file.stem})
        said = map_from({"order": NO_ORDER, "source": sources}, datasets())
        load(extracts, said, datasets(), workshop / "made-up")
        with suppress(OSError):  # somebody else built it meanwhile
            (workshop / "made-up").rename(place)
    watch.note({"stage": "running", "done": 0, "of": 1, "hits": 0})
    return open_store(place)


def _digest(files: Iterable[Path]) -> str:
    whole = sha256()
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()[:16]


def _keep(asked: OfficeRule, trial: Mapping[str, Any]) -> Outcome:
    rule = locked(OfficeRule.objects.all(), asked.pk)
    same = (rule.sheet, rule.sql, rule.evidence_sql) == (
        asked.sheet,
        asked.sql,
        asked.evidence_sql,
    )
    if not same:
        raise Refused(_("Another wording was saved meanwhile. Try that one."))
    rule.trial = dict(trial)
    rule.save(update_fields=["trial"])
    return Outcome(result={"next": reverse("screening:office_rule", args=[rule.pk])})
