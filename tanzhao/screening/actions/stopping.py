"""Asking work in the background to end: reading files, comparing, trying a rule."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.documents.actions import stop_run
from tanzhao.documents.models import Run
from tanzhao.kernel.verdict import Verdict, require
from tanzhao.screening.models import Comparison, DataSet, OfficeRule
from tanzhao.screening.rules.comparisons import may_stop_comparing
from tanzhao.screening.rules.datasets import may_stop_loading
from tanzhao.screening.rules.office_rules import may_stop_trial


@transaction.atomic
def stop_loading(*, data_set_id: UUID, actor: User, at: datetime) -> Run:
    """Ask that the files of a data set be read no further.

    Raises: DataSet.DoesNotExist, Refused.
    """
    data_set = DataSet.objects.visible_to(actor).select_related("run").get(pk=data_set_id)
    return _stop(data_set.run, may_stop_loading(actor, data_set), actor, at)


@transaction.atomic
def stop_comparing(*, comparison_id: UUID, actor: User, at: datetime) -> Run:
    """Ask that a comparison be made no further.

    Raises: Comparison.DoesNotExist, Refused.
    """
    comparison = Comparison.objects.visible_to(actor).select_related("run").get(pk=comparison_id)
    return _stop(comparison.run, may_stop_comparing(actor, comparison), actor, at)


@transaction.atomic
def stop_trial(*, rule_id: UUID, actor: User, at: datetime) -> Run:
    """Ask that a draft be tried no further.

    Raises: OfficeRule.DoesNotExist, Refused.
    """
    rule = OfficeRule.objects.visible_to(actor).select_related("run").get(pk=rule_id)
    return _stop(rule.run, may_stop_trial(actor, rule), actor, at)


def _stop(run: Run | None, verdict: Verdict, actor: User, at: datetime) -> Run:
    require(verdict)
    assert run is not None  # noqa: S101  may_stop has seen to it
    return stop_run(run_id=run.pk, actor=actor, at=at)
