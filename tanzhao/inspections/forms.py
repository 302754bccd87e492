"""What people fill in about terms, rounds, teams, waivers and authorisations."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tanzhao.inspections.models import Round, Term
from tanzhao.inspections.queries import next_authorisation_number, next_round_number
from tanzhao.inspections.states import RoundState, TeamRole
from tanzhao.kernel.clock import today
from tanzhao.taxonomy.models import Code, Frame
from tanzhao.taxonomy.queries import codes_of, frames
from tanzhao.units.queries import current_term

ROUND_KINDS = "round-kinds"
# The teams keep their access after the field until the report is written and fed back.
DAYS_TO_REPORT = 60
# What an office writes here the first time; afterwards its own last wording is proposed.
FIRST_BASIS = "《中国共产党巡视工作条例》和本届巡察工作规划、本年度巡察工作计划"


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DaysInOrder(forms.Form):
    """A first and a last day, in this order."""

    starts = forms.DateField(label=_("First day"), widget=DayInput())
    ends = forms.DateField(label=_("Last day"), widget=DayInput())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        starts, ends = values.get("starts"), values.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("The last day cannot be before the first."))
        return values


class TermForm(DaysInOrder):
    number = forms.IntegerField(label=_("Term"), min_value=1, max_value=99)
    committee = forms.CharField(
        label=_("Committee"), max_length=60, help_text=_("As on its papers: 中共岚水县委")
    )
    leading_group = forms.CharField(
        label=_("Leading group"),
        max_length=120,
        help_text=_("As on its papers: 中共岚水县委巡察工作领导小组"),
    )
    office = forms.CharField(
        label=_("Inspection office"),
        max_length=120,
        help_text=_("As on its papers: 中共岚水县委巡察工作领导小组办公室"),
    )
    document_prefix = forms.CharField(
        label=_("Prefix of document numbers"),
        max_length=20,
        help_text=_("岚巡 gives 岚巡组〔2026〕6号"),
    )
    field_order = ["number", "starts", "ends"]


class RoundForm(DaysInOrder):
    term = forms.ModelChoiceField(Term.objects.none(), label=_("Term"), empty_label=None)
    number = forms.IntegerField(label=_("Round"), min_value=1, max_value=99)
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
    field_order = ["term", "number", "kind", "frame", "starts", "ends", "focus"]

    def __init__(self, *args: Any, round_: Round | None = None, **kwargs: Any) -> None:
        if round_ is not None:
            names = ["term", "number", "kind", "frame", "starts", "ends", "focus"]
            kwargs["initial"] = {name: getattr(round_, name) for name in names}
        super().__init__(*args, **kwargs)
        self.fields["term"].queryset = Term.objects.all()  # type: ignore[attr-defined]
        self.fields["kind"].queryset = codes_of(ROUND_KINDS)  # type: ignore[attr-defined]
        self.fields["frame"].queryset = frames()  # type: ignore[attr-defined]
        if round_ is not None:
            del self.fields["term"]
        elif term := current_term(today()):
            self.fields["term"].initial = term
            self.fields["number"].initial = next_round_number(term)


class ReasonForm(forms.Form):
    """A reason that the next reader will need."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WaiverForm(forms.Form):
    inspector = forms.UUIDField(widget=forms.HiddenInput)
    rule = forms.CharField(max_length=60, widget=forms.HiddenInput)
    unit = forms.UUIDField(required=False, widget=forms.HiddenInput)
    other = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=500)


class DecisionForm(ReasonForm):
    decision = forms.ChoiceField(choices=[("grant", _("Grant")), ("deny", _("Deny"))])


class MemberForm(forms.Form):
    inspector = forms.UUIDField()
    role = forms.ChoiceField(choices=TeamRole.choices)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=TeamRole.choices)


class UnitForm(forms.Form):
    unit = forms.UUIDField()


class AuthorisationForm(DaysInOrder):
    number = forms.CharField(label=_("Document number"), max_length=60)
    basis = forms.CharField(
        label=_("Basis"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    field_order = ["number", "starts", "ends", "basis"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends"].help_text = _(
            "The teams have access until this day: leave time for reports and feedback."
        )


def first_draft(round_: Round, last_basis: str, on_day: dt.date) -> dict[str, Any]:
    """Propose what the authorisation of `round_` says."""
    return {
        "number": next_authorisation_number(round_, on_day.year),
        "basis": last_basis or FIRST_BASIS,
        "starts": round_.starts,
        "ends": round_.ends + dt.timedelta(days=DAYS_TO_REPORT),
    }


class RoundFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *RoundState.choices]
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("latest first")), ("first", _("earliest first"))],
    )


class PeopleFilter(forms.Form):
    q = forms.CharField(
        label=_("Name, workplace or post"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    skill = forms.ChoiceField(label=_("Skill"), required=False)
    full_time = forms.ChoiceField(
        label=_("Full-time"),
        required=False,
        choices=[("", _("all")), ("yes", _("full-time")), ("no", _("lent"))],
    )
    workplace = forms.ChoiceField(label=_("Workplace"), required=False)

    def __init__(self, *args: Any, skills: list[str], workplaces: list[str], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["skill"].choices = _choices(skills)  # type: ignore[attr-defined]
        self.fields["workplace"].choices = _choices(workplaces)  # type: ignore[attr-defined]


class UnitFilter(forms.Form):
    q = forms.CharField(
        label=_("Name of the unit"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    category = forms.ChoiceField(label=_("Kind"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False)

    def __init__(self, *args: Any, kinds: list[str], priorities: list[str], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["category"].choices = _choices(kinds)  # type: ignore[attr-defined]
        self.fields["priority"].choices = _choices(priorities)  # type: ignore[attr-defined]


def _choices(words: list[str]) -> list[tuple[str, Any]]:
    return [("", _("all")), *((word, word) for word in words)]


class RecusalForm(forms.Form):
    """A unit to stay away from, by its name. Why is asked of nobody."""

    unit = forms.CharField(label=_("Unit to stay away from"), max_length=120)

    def clean_unit(self) -> str:
        return " ".join(str(self.cleaned_data["unit"]).split())


class WithdrawalForm(forms.Form):
    reason = forms.CharField(label=_("Reason of the withdrawal"), max_length=500)
