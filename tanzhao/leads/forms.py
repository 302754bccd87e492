"""What people fill in about leads."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from tanzhao.kernel.filters import ListFilter
from tanzhao.leads.states import BY_HAND, LeadSource, LeadState, Outcome

LONGEST = 20_000  # characters, as with a working paper
Choices = list[tuple[str, str]]


class CaptureForm(forms.Form):
    lead_id = forms.UUIDField(widget=forms.HiddenInput)
    engagement = forms.TypedChoiceField(
        label=_("Unit under inspection"), coerce=UUID, empty_value=None, required=False
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        help_text=_("In a few words what should be looked at. It is not yet established."),
    )
    facts = forms.CharField(
        label=_("What is known"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What was seen, where and when, and where it can be looked up."),
    )
    source = forms.ChoiceField(
        label=_("Source"), choices=[(one.value, one.label) for one in BY_HAND]
    )

    def __init__(self, *args: Any, engagements: Choices, must: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["engagement"]
        blank = _("— choose —") if must else _("none yet: the office keeps it")
        field.choices = [("", blank), *engagements]  # type: ignore[attr-defined]  # a choice field
        field.required = must


class AssignForm(forms.Form):
    """Two people of the team chosen above. The candidates depend on it."""

    handler = forms.TypedChoiceField(label=_("First handler"), coerce=UUID)
    second = forms.TypedChoiceField(label=_("Second handler"), coerce=UUID)

    def __init__(self, *args: Any, candidates: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("handler", "second"):
            self.fields[name].choices = [("", _("— choose —")), *candidates]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("handler") and values.get("handler") == values.get("second"):
            self.add_error("second", _("A lead is verified by two different people."))
        return values


class CheckForm(forms.Form):
    check_id = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.CharField(
        label=_("What was checked"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    method = forms.ChoiceField(label=_("Method"))
    found = forms.CharField(
        label=_("What was found"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, methods: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [("", _("— choose —")), *methods]  # type: ignore[attr-defined]  # a choice field


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class LeadFilter(ListFilter):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=60,
        widget=forms.SearchInput(attrs={"placeholder": _("title, facts or unit")}),
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *LeadState.choices]
    )
    source = forms.ChoiceField(
        label=_("Source"), required=False, choices=[("", _("all")), *LeadSource.choices]
    )
    engagement = forms.UUIDField(required=False, widget=forms.HiddenInput)
    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[("", _("everybody's")), ("mine", _("I am a handler"))],
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("last changed first")),
            ("captured", _("oldest first")),
            ("state", _("by state")),
            ("title", _("by title")),
        ],
    )
