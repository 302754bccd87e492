"""What people fill in about findings, reports and feedback."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tanzhao.findings.actions import Wording
from tanzhao.findings.queries.codes import FrameChoice
from tanzhao.findings.queries.register import DEFAULT_ORDER, IMPORTED, ORDERS, OURS, Asked
from tanzhao.findings.states import FindingState
from tanzhao.papers.models import WorkingPaper
from tanzhao.taxonomy.models import Code

LONGEST = 20_000  # characters, as with a working paper


def _text(label: Any, *, rows: int, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class FindingForm(forms.Form):
    """The wording of a finding and its sub-class in each installed frame.

    The frame of the round comes first in `choices`, and its sub-class must be given.
    """

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    title = forms.CharField(label=_("Title"), max_length=120)
    fact = _text(
        _("Fact"),
        rows=7,
        help_text=_("What, when, where, who, how much. No word of judgement."),
    )
    nature = _text(_("Nature"), rows=4, help_text=_("Which demand of which rule was not met."))
    responsibility = _text(
        _("Responsibility"), rows=3, help_text=_("The organisation, its principal, who acted.")
    )
    cause = _text(_("Cause"), rows=3, required=False)
    recommendation = _text(_("Recommendation"), rows=3, required=False)

    def __init__(
        self,
        *args: Any,
        choices: Sequence[FrameChoice],
        papers: Iterable[WorkingPaper] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.frames = list(choices)
        self._codes = {
            str(code.pk): code
            for choice in self.frames
            for codes in choice.groups.values()
            for code in codes
        }
        for choice in self.frames:
            main = choice is self.frames[0]
            self.fields[choice.field_name] = forms.ChoiceField(
                label=str(choice.frame),
                choices=[("", _("choose a sub-class")), *choice.choices()],
                required=main,
            )
        self.fields["papers"] = forms.TypedMultipleChoiceField(
            label=_("Working papers"),
            coerce=UUID,
            choices=[(str(paper.pk), str(paper)) for paper in papers],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def wording(self) -> Wording:
        """Give the wording that was written. Call it on a valid form."""
        texts = ("title", "fact", "nature", "responsibility", "cause", "recommendation")
        return Wording(
            **{name: self.cleaned_data[name] for name in texts}, codes=tuple(self.chosen_codes())
        )

    def chosen_codes(self) -> list[Code]:
        """Give the sub-classes that were chosen, the frame of the round first."""
        chosen = (self.cleaned_data.get(choice.field_name) for choice in self.frames)
        return [self._codes[key] for key in chosen if key]

    def main_code(self) -> Code | None:
        """Give the sub-class that stands in the form for the frame of the round."""
        if not self.frames:
            return None
        return self._codes.get(str(self[self.frames[0].field_name].value() or ""))


class ReportForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    situation = _text(_("Situation and overall evaluation"), rows=8)
    opinions = _text(_("Opinions"), rows=8)


class AgreeForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    without_findings = forms.BooleanField(
        label=_("The inspection established nothing that is to be fed back"), required=False
    )

    def __init__(self, *args: Any, has_findings: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_findings:
            del self.fields["without_findings"]


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class FeedbackForm(forms.Form):
    number = forms.CharField(label=_("Document number"), max_length=60)
    issued_date = forms.DateField(
        label=_("Date of feedback"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class RegisterForm(forms.Form):
    """The filters of the register. What cannot be read asks nothing."""

    q = forms.CharField(required=False, max_length=60)
    round = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    unit = forms.UUIDField(required=False)
    kind = forms.CharField(required=False, max_length=40)
    category = forms.CharField(required=False, max_length=60)
    subcategory = forms.CharField(required=False, max_length=60)
    state = forms.ChoiceField(required=False, choices=[("", ""), *FindingState.choices])
    source = forms.ChoiceField(required=False, choices=[("", ""), (IMPORTED, ""), (OURS, "")])
    sort = forms.CharField(required=False)

    def clean_sort(self) -> str:
        name = str(self.cleaned_data["sort"] or DEFAULT_ORDER)
        if name.removeprefix("-") not in ORDERS:
            raise ValidationError("unknown order")
        return name

    def asked(self) -> Asked:
        """Give what was asked, as far as it could be read."""
        self.is_valid()
        read = self.cleaned_data
        return Asked(
            q=read.get("q") or "",
            round_number=read.get("round"),
            unit_id=read.get("unit"),
            kind=read.get("kind") or "",
            category=read.get("category") or "",
            subcategory=read.get("subcategory") or "",
            state=read.get("state") or "",
            source=read.get("source") or "",
        )

    def order_name(self) -> str:
        """Give the order that was asked for, or the usual one."""
        self.is_valid()
        return str(self.cleaned_data.get("sort") or DEFAULT_ORDER)
