"""Who may register, load and let expire a data set, and when."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.documents.rules import may_stop
from tanzhao.documents.states import ENDED, RunState
from tanzhao.kernel.verdict import YES, Verdict, no
from tanzhao.screening.states import DataSetState

if TYPE_CHECKING:
    from tanzhao.documents.models import Run
    from tanzhao.screening.models import DataSet


def is_running(run: "Run | None") -> bool:
    """Say whether background work is still under way."""
    return run is not None and RunState(run.state) not in ENDED


def may_receive(user: User) -> Verdict:
    """Decide whether `user` may register what a department handed over."""
    if not user.holds(Action.DATASET_TAKE):
        return no(_("Data sets are registered by the inspection office."))
    return YES


def may_load(user: User, data_set: "DataSet", *, is_used: bool) -> Verdict:
    """Decide whether `user` may have the files of `data_set` read, or read once more.

    Args:
        is_used: a comparison that is asked for or under way counts on it.
    """
    if not user.holds(Action.DATASET_TAKE):
        return no(_("Data sets are loaded by the inspection office."))
    if data_set.state == DataSetState.EXPIRED:
        return no(_("Its rows have been deleted. Ask for the data again if they are needed."))
    if is_running(data_set.run):
        return no(_("Its files are being read already."))
    if is_used:
        return no(_("A comparison counts on it as it is. Wait until that has ended."))
    return YES


def may_stop_loading(user: User, data_set: "DataSet") -> Verdict:
    """Decide whether `user` may have the files of `data_set` read no further."""
    return may_stop(data_set.run, entitled=may_receive(user))


def may_expire(data_set: "DataSet", *, on: dt.date, is_used: bool) -> Verdict:
    """Decide whether the rows of `data_set` go on this day: after their last one."""
    if data_set.state == DataSetState.EXPIRED:
        return no(_("Its rows have been deleted already."))
    if data_set.expires >= on:
        return no(_("Its last day is not over yet."))
    if is_running(data_set.run) or is_used:
        return no(_("It is being worked with. Its rows go as soon as that has ended."))
    return YES
