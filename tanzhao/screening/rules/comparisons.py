"""Who may request, approve and run a comparison, and what a request must have."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.documents.rules import may_stop
from tanzhao.documents.states import RunState
from tanzhao.kernel.verdict import YES, Verdict, no
from tanzhao.screening.rules.datasets import is_running
from tanzhao.screening.states import ComparisonState, DataSetState

if TYPE_CHECKING:
    from tanzhao.screening.models import Comparison, DataSet
    from tanzhao.screening.rulebook import KnownRule


def may_request(user: User) -> Verdict:
    """Decide whether `user` may ask for a comparison."""
    if not user.holds(Action.COMPARISON_REQUEST):
        return no(_("Comparisons are asked for by the inspection office."))
    return YES


def may_compare(
    data_sets: Collection["DataSet"],
    rules: Collection["KnownRule"],
    *,
    expires: dt.date,
    today: dt.date,
) -> Verdict:
    """Decide whether a request is whole: data that are there, rules that fit, a day to end."""
    if not data_sets:
        return no(_("Choose at least one data set."))
    if not rules:
        return no(_("Choose at least one rule."))
    if expires < today:
        return no(_("The day on which the rows are deleted lies in the past."))
    for data_set in data_sets:
        names = {"title": data_set.title}
        if data_set.state != DataSetState.LOADED:
            return no(_("“%(title)s” is not loaded. Load it first, or leave it out.") % names)
        if is_running(data_set.run):
            return no(_("“%(title)s” is being read again. Wait until that has ended.") % names)
        if expires > data_set.expires:
            day = {"day": date_format(data_set.expires)}
            return no(
                _("The rows of “%(title)s” are deleted after %(day)s. Choose no later day.")
                % (names | day)
            )
    return YES


def may_set(rule: "KnownRule", thresholds: Mapping[str, int]) -> Verdict:
    """Decide whether a rule may be asked with these thresholds: within what its pack allows."""
    known = {threshold.name: threshold for threshold in rule.thresholds}
    for name, value in thresholds.items():
        threshold = known.get(name)
        if threshold is None:
            return no(_("“%(rule)s” has no such threshold.") % {"rule": rule.title})
        if not threshold.least <= value <= threshold.most:
            return no(
                _("“%(label)s” of “%(rule)s” lies between %(least)s and %(most)s.")
                % {
                    "label": threshold.label,
                    "rule": rule.title,
                    "least": threshold.shown(threshold.least),
                    "most": threshold.shown(threshold.most),
                }
            )
    return YES


def may_decide(user: User, comparison: "Comparison") -> Verdict:
    """Decide whether `user` may approve or refuse `comparison`: never who asked for it."""
    if not user.holds(Action.COMPARISON_APPROVE):
        return no(_("Comparisons are approved by the director of the office."))
    if comparison.state != ComparisonState.REQUESTED:
        return no(_("This comparison has been decided already."))
    if comparison.requested_by_id == user.pk:
        return no(_("You asked for this comparison. Somebody else decides about it."))
    return YES


def may_run_again(user: User, comparison: "Comparison") -> Verdict:
    """Decide whether an approved comparison whose work failed may be tried once more."""
    if not user.holds(Action.COMPARISON_REQUEST):
        return no(_("Comparisons are asked for by the inspection office."))
    failed = comparison.run is not None and comparison.run.state == RunState.FAILED
    if comparison.state != ComparisonState.APPROVED or not failed:
        return no(_("Only an approved comparison that was not finished is tried again."))
    return YES


def may_stop_comparing(user: User, comparison: "Comparison") -> Verdict:
    """Decide whether `user` may have `comparison` made no further."""
    return may_stop(comparison.run, entitled=may_request(user))


def may_end(comparison: "Comparison", *, on: dt.date) -> Verdict:
    """Decide whether the rows that `comparison` shows go on this day: after their last one."""
    if comparison.state == ComparisonState.EXPIRED:
        return no(_("Its rows have been deleted already."))
    if comparison.state != ComparisonState.DONE:
        return no(_("It has not been made."))
    if comparison.expires >= on:
        return no(_("Its last day is not over yet."))
    return YES
