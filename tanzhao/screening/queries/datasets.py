"""Reads of the register of data sets."""

from django.db.models import Count, QuerySet

from tanzhao.access.models import User
from tanzhao.screening.models import DataSet, Fault
from tanzhao.screening.states import UNDER_WAY, DataSetState
from tanzhao.screening.wording import LEFT_OUT

ORDER = ("-number", "pk")
FAULT_ORDER = ("position", "pk")


def is_used(data_set: DataSet) -> bool:
    """Say whether a comparison that is asked for or under way counts on `data_set`."""
    return data_set.comparisons.filter(state__in=sorted(UNDER_WAY)).exists()


def data_sets_of(user: User) -> QuerySet[DataSet]:
    """Give the data sets `user` may know of, each with `file_count`."""
    visible = DataSet.objects.visible_to(user).select_related("round__term", "run")
    return visible.annotate(file_count=Count("files"))


def loaded_data_sets(user: User) -> QuerySet[DataSet]:
    """Give the data sets that a comparison can be asked of."""
    visible = DataSet.objects.visible_to(user).filter(state=DataSetState.LOADED)
    return visible.order_by("-number")


def faults_in(data_set: DataSet, fault: str = "") -> QuerySet[Fault]:
    """Give the faults of a data set that were kept one by one, of one kind if that was asked."""
    # Rows that were left out, such as totals, are counted and not listed: nothing is wrong there.
    faults = data_set.faults.exclude(fault__endswith=LEFT_OUT)
    return faults.filter(fault=fault) if fault else faults
