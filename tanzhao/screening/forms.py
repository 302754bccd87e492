"""What people fill in about data sets, comparisons and hits."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tanzhao.inspections.models import Engagement, Round
from tanzhao.kernel.clock import today
from tanzhao.screening.actions.hits import Answer
from tanzhao.screening.models import DataSet
from tanzhao.screening.queries.hits import CENTS, DEFAULT_ORDER, ORDERS, Asked
from tanzhao.screening.rulebook import KnownRule, Threshold
from tanzhao.screening.states import EvidenceKind, HitState, Outcome, Risk

# Up to a hundred billion yuan.
MOST_YUAN = Decimal("99999999999.99")


def _day(**values: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **values
    )


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile[Any]]:  # noqa: ARG002  Django's signature
        return list(files.getlist(name))


class ManyFilesField(forms.FileField):
    """One or more files. Kind, size and emptiness are asked when each is stored."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:  # noqa: ARG002  Django's signature
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return list(data)


class DataSetForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("What it is"),
        max_length=120,
        help_text=_("As in the letter, for example: one-card payments of 2025, whole county."),
    )
    given_by = forms.CharField(label=_("Given by"), max_length=120)
    letter = forms.CharField(
        label=_("Under which letter"),
        max_length=120,
        help_text=_("Number of the letter that asked for it."),
    )
    received_on = _day(label=_("Received on"))
    expires = _day(
        label=_("Rows are deleted after"),
        help_text=_(
            "No longer than the purpose needs. Files and rows are deleted after this day by"
            " themselves; hits and what was found stay."
        ),
    )
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What may be compared with it. Nothing else may."),
    )
    round = forms.ModelChoiceField(
        label=_("For the round"),
        queryset=Round.objects.none(),
        required=False,
        empty_label=_("no round in particular"),
    )
    uploads = ManyFilesField(
        label=_("Files"),
        widget=ManyFiles(attrs={"multiple": True, "accept": ".xlsx,.xls,.csv,.txt"}),
        help_text=_(
            "Excel or CSV, as they were handed over; several at once. Headings may differ: they are"
            " recognised by their words."
        ),
    )

    def __init__(self, *args: Any, rounds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]  # a model choice
        self.fields["key"].initial = uuid4
        self.fields["received_on"].initial = today


class ComparisonForm(forms.Form):
    """A request. Rules and their thresholds have fields of their own, made for the rules known."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    purpose = forms.CharField(
        label=_("Purpose"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    legal_basis = forms.CharField(
        label=_("Legal basis"),
        max_length=300,
        help_text=_("The rule and the decision that allow this comparison."),
    )
    round = forms.ModelChoiceField(
        label=_("For the round"),
        queryset=Round.objects.none(),
        required=False,
        empty_label=_("no round in particular"),
    )
    expires = _day(
        label=_("Rows are deleted after"),
        help_text=_("No later than the first of its data sets. Hits and what was found stay."),
    )
    takes_links = forms.BooleanField(
        label=_("Rows without a usable number too"),
        required=False,
        help_text=_(
            "Rows whose ID number is missing or one digit off are brought together by name,"
            " village, birth and household. Each such hit says so, with its weight."
        ),
    )
    data_sets = forms.ModelMultipleChoiceField(
        label=_("Data sets"),
        queryset=DataSet.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one data set.")},
    )

    def __init__(
        self, *args: Any, data_sets: Any, rounds: Any, rules: Iterable[KnownRule], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rules = list(rules)
        self.fields["data_sets"].queryset = data_sets  # type: ignore[attr-defined]  # a model choice
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]  # a model choice
        self.fields["key"].initial = uuid4
        for rule in self.rules:
            self.fields[f"rule_{rule.name}"] = forms.BooleanField(label=rule.title, required=False)
            for one in rule.thresholds:
                self.fields[f"threshold_{rule.name}_{one.name}"] = _threshold(one)

    def asked_rules(self) -> list[dict[str, Any]]:
        """Give each rule with its fields, for the page."""
        return [
            {
                "rule": rule,
                "field": self[f"rule_{rule.name}"],
                "thresholds": [
                    (one, self[f"threshold_{rule.name}_{one.name}"]) for one in rule.thresholds
                ],
            }
            for rule in self.rules
        ]

    def chosen(self) -> dict[str, dict[str, int]]:
        """Give the rules that were chosen, each with the thresholds that were typed."""
        values = self.cleaned_data
        return {
            rule.name: {
                one.name: int(value * CENTS) if one.is_money else value
                for one in rule.thresholds
                if (value := values.get(f"threshold_{rule.name}_{one.name}")) is not None
            }
            for rule in self.rules
            if values.get(f"rule_{rule.name}")
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(f"rule_{rule.name}") for rule in self.rules):
            self.add_error(None, gettext("Choose at least one rule."))
        return cleaned


def _threshold(one: Threshold) -> forms.IntegerField | forms.DecimalField:
    """Give the field of a threshold; money is typed in yuan."""
    if not one.is_money:
        return forms.IntegerField(
            label=one.label,
            required=False,
            min_value=one.least,
            max_value=one.most,
            initial=one.default,
        )
    return forms.DecimalField(
        label=one.label,
        required=False,
        min_value=Decimal(one.least) / CENTS,
        max_value=Decimal(one.most) / CENTS,
        decimal_places=2,
        initial=_plain(one.default),
    )


def _plain(cents: int) -> Decimal:
    yuan = Decimal(cents) / CENTS
    return yuan.quantize(Decimal(1)) if yuan == yuan.to_integral() else yuan


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


def _yuan(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_YUAN,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.01", "inputmode": "decimal"}),
    )


class OutcomeForm(forms.Form):
    """What somebody found who verified a hit."""

    outcome = forms.ChoiceField(
        label=_("Outcome of the verification"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("What the verification found"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who was asked, what was looked at, what came of it."),
    )
    evidence_kind = forms.ChoiceField(
        label=_("Kind of evidence"),
        choices=[("", _("— none —")), *EvidenceKind.choices],
        required=False,
        help_text=_("Needed for what is true: the data alone prove nothing."),
    )
    evidence = forms.CharField(
        label=_("Which evidence"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: cremation record No. 2025-0312, seen at the funeral home."),
    )
    file = forms.FileField(label=_("File of the evidence"), required=False)
    to_recover = _yuan(_("To be recovered (yuan)"))
    recovered = _yuan(_("Of that recovered (yuan)"))
    stopped = _yuan(_("Payment stopped (yuan a month)"))
    verifier = forms.CharField(
        label=_("Verified by"), max_length=120, help_text=_("Who looked, by name.")
    )
    verified_on = _day(label=_("Verified on"))

    def answer(self) -> Answer:
        """Give what was filled in, amounts in cents. The form is valid."""
        values = self.cleaned_data
        return Answer(
            outcome=Outcome(values["outcome"]),
            note=values["note"],
            verifier=values["verifier"],
            verified_on=values["verified_on"],
            evidence_kind=values["evidence_kind"],
            evidence=values["evidence"],
            **{
                name: int((values[name] or 0) * CENTS)
                for name in ("to_recover", "recovered", "stopped")
            },
        )


class UnmaskForm(forms.Form):
    place = forms.CharField(max_length=10)
    reason = forms.CharField(max_length=300)


class AssignForm(forms.Form):
    hits = forms.TypedMultipleChoiceField(coerce=UUID, required=False)
    engagement = forms.ModelChoiceField(queryset=Engagement.objects.none())

    def __init__(self, *args: Any, engagements: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["engagement"].queryset = engagements  # type: ignore[attr-defined]  # a model choice

    def chosen(self) -> list[UUID]:
        """Give the hits that were ticked; what is no key is passed over."""
        found = []
        for text in self.data.getlist("hits"):  # type: ignore[attr-defined]  # a QueryDict
            try:
                found.append(UUID(text))
            except ValueError:
                continue
        return found


class HitFilter(forms.Form):
    """What a reader asks of the list of hits. What cannot be read asks nothing."""

    rule = forms.CharField(required=False, max_length=60)
    state = forms.ChoiceField(required=False, choices=[("", ""), *HitState.choices])
    outcome = forms.ChoiceField(required=False, choices=[("", ""), *Outcome.choices])
    risk = forms.ChoiceField(required=False, choices=[("", ""), *Risk.choices])
    place = forms.CharField(required=False, max_length=60)
    least = forms.IntegerField(required=False, min_value=0, max_value=10**10)
    comparison = forms.UUIDField(required=False)
    engagement = forms.UUIDField(required=False)
    sort = forms.CharField(required=False, max_length=20)

    def asked(self) -> Asked:
        self.is_valid()
        values: Mapping[str, Any] = self.cleaned_data
        given = {name: values[name] for name in Asked.__dataclass_fields__ if values.get(name)}
        return Asked(**given)

    def order_name(self) -> str:
        self.is_valid()
        name = self.cleaned_data.get("sort") or ""
        return name if name.removeprefix("-") in ORDERS else DEFAULT_ORDER
