"""What people fill in about the plan of a term: its rounds, its units, how long it is computed."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from tanzhao.inspections.forms import ROUND_KINDS, DaysInOrder
from tanzhao.inspections.models import PlannedRound, PlannedUnit, Term, TermPlan
from tanzhao.inspections.planning.numbers import DAYS_IN_A_WEEK, WORKING_DAYS
from tanzhao.inspections.states import VisitKind
from tanzhao.taxonomy.models import Code, Frame
from tanzhao.taxonomy.queries import codes_of, frames

# How long a plan is computed, in seconds of the processor. The second is enough for a county.
QUICK, GOOD, THOROUGH = 10, 60, 300
LENGTHS = (
    (QUICK, _("quick, 10 seconds")),
    (GOOD, _("good, 1 minute")),
    (THOROUGH, _("thorough, 5 minutes")),
)
MOST = 100_000  # person-days that nobody reaches; larger numbers are slips of the keyboard

FRIDAY = 4


def months_of(term: Term) -> Iterator[dt.date]:
    """Give the first day of every month of `term`."""
    month = term.first_month
    while month <= term.ends:
        yield month
        month = (month + dt.timedelta(days=31)).replace(day=1)


class MonthField(forms.TypedChoiceField):
    """A month of a term, chosen from a list: every browser can, and none is outside the term."""

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=dt.date.fromisoformat, empty_value=None, **options)

    def offer(self, months: Iterable[dt.date], *, none: Any = None) -> None:
        named = [(m.isoformat(), date_format(m, "YEAR_MONTH_FORMAT")) for m in months]
        self.choices = [("", none), *named] if none is not None else named

    def prepare_value(self, value: Any) -> Any:
        return value.replace(day=1).isoformat() if isinstance(value, dt.date) else value


def _visit_kind(value: str) -> VisitKind:
    return VisitKind(int(value))


class TitleForm(forms.Form):
    title = forms.CharField(
        label=_("What it tries out"),
        max_length=120,
        required=False,
        help_text=_("For example: one more team in each round. It may be left empty."),
    )


class BeginPlanForm(TitleForm):
    based_on = forms.TypedChoiceField(
        label=_("Begin from"), required=False, coerce=UUID, empty_value=None
    )

    def __init__(self, *args: Any, plans: Iterable[TermPlan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["based_on"].choices = [  # type: ignore[attr-defined]
            ("", _("the register of units")),
            *((str(plan.pk), " · ".join(filter(None, [str(plan), plan.title]))) for plan in plans),
        ]


class ComputeForm(forms.Form):
    """How long; `mend`: change as few places as possible instead of looking for the best plan."""

    seconds = forms.TypedChoiceField(choices=LENGTHS, coerce=int, required=False)
    mend = forms.BooleanField(required=False)

    def clean_seconds(self) -> int:
        return self.cleaned_data["seconds"] or GOOD


class KindForm(forms.Form):
    """Which of the two visits of a unit."""

    kind = forms.TypedChoiceField(choices=VisitKind.choices, coerce=_visit_kind)


class VisitForm(KindForm):
    """Which visit of a plan, and where to go back to."""

    unit = forms.UUIDField()
    next = forms.CharField(required=False, max_length=10)
    query = forms.CharField(required=False, max_length=500)  # how the list was narrowed


class PinForm(VisitForm):
    round = forms.IntegerField(min_value=1, max_value=999)


class PlannedRoundForm(forms.Form):
    month = MonthField(label=_("Month"))
    teams = forms.IntegerField(label=_("Teams"), min_value=1, max_value=200)
    people = forms.IntegerField(label=_("People in a team"), min_value=1, max_value=200)
    days = forms.IntegerField(label=_("Working days in the field"), min_value=1, max_value=250)
    most_units = forms.IntegerField(label=_("Units at most"), min_value=1, max_value=10_000)

    def __init__(
        self, *args: Any, term: Term, like: PlannedRound | None = None, **kwargs: Any
    ) -> None:
        """`like`: the round that is changed, or the one that a new round is made like."""
        if like is not None:
            names = ("month", "teams", "people", "days", "most_units")
            kwargs.setdefault("initial", {name: getattr(like, name) for name in names})
        super().__init__(*args, **kwargs)
        self.fields["month"].offer(months_of(term))  # type: ignore[attr-defined]


class PlannedUnitForm(forms.Form):
    """What a plan asks of one unit."""

    effort = forms.IntegerField(label=_("Person-days"), min_value=1, max_value=MOST)
    look_back_effort = forms.IntegerField(
        label=_("Person-days of the look-back"),
        min_value=0,
        max_value=MOST,
        help_text=_("0: there is no look-back."),
    )
    weight = forms.IntegerField(
        label=_("Priority"),
        min_value=1,
        max_value=100,
        help_text=_("1 to 100. Units with a higher number come earlier."),
    )
    before = MonthField(label=_("First visit before"), required=False)
    theme = forms.CharField(
        label=_("Joint theme"),
        max_length=60,
        required=False,
        help_text=_("Units with the same theme are inspected in one and the same round."),
    )
    not_in = forms.TypedMultipleChoiceField(
        label=_("Not in rounds"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    skills = forms.MultipleChoiceField(
        label=_("Skills needed"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, planned: PlannedUnit, rounds: Sequence[PlannedRound], **kwargs: Any
    ) -> None:
        names = ("effort", "look_back_effort", "weight", "before", "theme", "not_in", "skills")
        kwargs.setdefault("initial", {name: getattr(planned, name) for name in names})
        super().__init__(*args, **kwargs)
        months = set(months_of(planned.plan.term))
        if planned.before is not None:
            months.add(planned.before.replace(day=1))
        self.fields["before"].offer(sorted(months), none=_("no deadline"))  # type: ignore[attr-defined]
        self.fields["not_in"].choices = [  # type: ignore[attr-defined]
            (one.number, str(one)) for one in rounds
        ]
        known = [entry["name"] for entry in planned.plan.settings.get("skills", [])]
        words = list(dict.fromkeys([*known, *planned.skills]))
        self.fields["skills"].choices = [(word, word) for word in words]  # type: ignore[attr-defined]


class LeftOutForm(forms.Form):
    reason = forms.CharField(
        label=_("Why units may be left out of the plan"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class OpenPlannedRoundForm(DaysInOrder):
    """A round of the plan in force becomes a round with teams, papers and an authorisation."""

    kind = forms.ModelChoiceField(Code.objects.none(), label=_("Kind of round"), empty_label=None)
    frame = forms.ModelChoiceField(
        Frame.objects.none(), label=_("Frame for its findings"), empty_label=None
    )
    focus = forms.CharField(
        label=_("Focus"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the round looks at first. It may be left empty."),
    )
    field_order = ["kind", "frame", "starts", "ends", "focus"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = codes_of(ROUND_KINDS)  # type: ignore[attr-defined]
        self.fields["frame"].queryset = frames()  # type: ignore[attr-defined]


SHOWN = (
    ("", _("all visits")),
    ("unplaced", _("without a place")),
    ("late", _("late")),
    ("pinned", _("pinned")),
    ("done", _("done")),
    ("look_back", _("look-backs")),
    ("next_term", _("look-backs of the next term")),
)
ORDERS = (("", _("as in the register")), ("round", _("by round")), ("weight", _("by priority")))


class VisitFilter(forms.Form):
    q = forms.CharField(
        label=_("Name or joint theme"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    category = forms.ChoiceField(label=_("Kind"), required=False)
    round = forms.TypedChoiceField(label=_("Round"), required=False, coerce=int, empty_value=None)
    show = forms.ChoiceField(label=_("Show"), required=False, choices=SHOWN)
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=ORDERS)

    def __init__(
        self, *args: Any, kinds: list[str], rounds: Sequence[PlannedRound], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ("", _("all")), *((word, word) for word in kinds)
        ]  # fmt: skip
        self.fields["round"].choices = [  # type: ignore[attr-defined]
            ("", _("all")), *((one.number, str(one)) for one in rounds)
        ]  # fmt: skip


CHANGES = (
    ("", _("every difference")),
    ("earlier", _("earlier")),
    ("later", _("later")),
    ("gets", _("gets a place")),
    ("loses", _("loses its place")),
    ("new", _("new in the plan")),
    ("gone", _("not in the plan any more")),
    ("same", _("another round in the same month")),
)


class CompareForm(forms.Form):
    """Which plan to compare with, and which of the visits that differ to list."""

    # "with" is a word of Python, so the fields are added by name.
    def __init__(
        self, *args: Any, others: Sequence[TermPlan], kinds: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        plans = [
            (str(one.pk), " · ".join(filter(None, [str(one), one.title, one.get_state_display()])))
            for one in others
        ]
        self.fields["with"] = forms.ChoiceField(
            label=_("Compare with"), required=False, choices=plans
        )
        self.fields["category"] = forms.ChoiceField(
            label=_("Kind"), required=False, choices=[("", _("all")), *((k, k) for k in kinds)]
        )
        self.fields["change"] = forms.ChoiceField(
            label=_("What changes"), required=False, choices=CHANGES
        )
        self.fields["sort"] = forms.ChoiceField(
            label=_("Order"),
            required=False,
            choices=(("", _("as in the register")), ("far", _("those that move farthest first"))),
        )


def first_days_of(planned: PlannedRound) -> dict[str, dt.date]:
    """Propose the days in the field of a planned round: from the first of its month, and for as
    many working days as it has, five a week."""
    starts = planned.month
    while starts.weekday() > FRIDAY:
        starts += dt.timedelta(days=1)
    ends = starts + dt.timedelta(days=planned.days * DAYS_IN_A_WEEK // WORKING_DAYS - 1)
    return {"starts": starts, "ends": ends}
