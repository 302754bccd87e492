"""What people fill in about rectification, checked and cleaned."""

from typing import Any, BinaryIO, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tanzhao.access.table import Role
from tanzhao.documents.rules import kinds_in_words
from tanzhao.documents.states import HANDED_IN_KINDS
from tanzhao.kernel.calendar import Colour
from tanzhao.rectification.actions.stepping import Evidence
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.states import Answer, State
from tanzhao.units.models import Unit

LONGEST = 4000
MOST_FILES = 20


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class EvidenceField(forms.FileField):
    """Several files at once, cleaned to a list of Evidence; empty if none was chosen."""

    widget = FilesInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Evidence"), required=False, max_length=200, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:  # noqa: ARG002  Django's signature
        files = data if isinstance(data, list | tuple) else [data]
        chosen = [super(EvidenceField, self).clean(f) for f in files if f]
        if len(chosen) > MOST_FILES:
            message = _("At most %(most)s files at once. Hand the rest in with another report.")
            raise forms.ValidationError(message, params={"most": MOST_FILES})
        return [Evidence(cast("BinaryIO", file), file.name or "") for file in chosen]

    def get_bound_field(self, form: Any, field_name: str) -> forms.BoundField:
        sentence = _("Several files may be chosen: %(kinds)s.")
        self.help_text = sentence % {"kinds": kinds_in_words(HANDED_IN_KINDS)}
        return super().get_bound_field(form, field_name)


def words(label: Any, *, required: bool = True, rows: int = 3) -> forms.CharField:
    """Give a field for some sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=LONGEST, widget=widget)


class PlanForm(forms.Form):
    measure = words(_("Measure"))
    owner_name = forms.CharField(label=_("Person responsible"), max_length=60)
    due_date = forms.DateField(label=_("Due"), widget=DayInput())
    late_reason = forms.CharField(
        label=_("Why it needs longer than the concentrated period"), max_length=500, required=False
    )


class AcceptForm(forms.Form):
    """Nothing to fill in: the button says it."""


class ReturnForm(forms.Form):
    reason = words(_("Reason for returning"))


class ProgressForm(forms.Form):
    text = words(_("What has been done since"))
    evidence = EvidenceField()


class ClaimForm(forms.Form):
    text = words(_("What was done, and what came of it"))
    evidence = EvidenceField()


class VerifyForm(forms.Form):
    answer = forms.ChoiceField(label=_("Found"), choices=Answer, widget=forms.RadioSelect)
    reason = words(_("What was looked at, and why this answer"))

    def clean_answer(self) -> Answer:
        return Answer(self.cleaned_data["answer"])


class CloseForm(forms.Form):
    note = words(_("Remark"), required=False, rows=2)


class ReopenForm(forms.Form):
    reason = words(_("What has come back"))
    due_date = forms.DateField(label=_("New due date"), widget=DayInput())


class AssessForm(forms.Form):
    assessment = words(_("Assessment of the round's rectification"), rows=6)


class RegisterForm(forms.Form):
    """What a reader may ask of the register. A value that makes no sense asks for nothing."""

    SORTS = {
        "due": (_("earliest due first"), ("due_date", "pk")),
        "-due": (_("latest due first"), ("-due_date", "pk")),
        "round": (_("latest round first"), ("-round_number", "unit__position", "unit__name", "pk")),
        "unit": (_("by unit"), ("unit__position", "unit__name", "due_date", "pk")),
    }

    q = forms.CharField(
        label=_("Words"), required=False, max_length=60, widget=forms.TextInput({"type": "search"})
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Unit"), required=False, empty_label=_("all")
    )
    round = forms.TypedChoiceField(label=_("Round"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(label=_("State"), required=False)
    colour = forms.ChoiceField(label=_("Colour"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False)

    def __init__(self, data: Any, *, reader: Any) -> None:
        super().__init__(data)
        visible = RectificationItem.objects.visible_to(reader).order_by()
        rounds = visible.values_list("round_number", flat=True).distinct().order_by("-round_number")
        units = Unit.objects.filter(pk__in=visible.values("unit")).only("name", "position")
        everything = [("", _("all"))]
        choices: dict[str, list[Any]] = {
            "round": [(number, number) for number in rounds],
            "state": [
                ("mine", _("waits for me")),
                ("handed_up", _("wait for verification or closing")),
                *State.choices,
            ],
            "colour": [
                (Colour.RED.value, _("red: overdue")),
                (Colour.YELLOW.value, _("yellow: soon due")),
                (Colour.GREEN.value, _("green: coming up")),
                (Colour.NONE.value, _("no colour yet")),
            ],
            "source": [("ours", _("our rounds")), ("imported", _("imported ledger"))],
        }
        # An office opens the register to see what is not closed: that is what stands first.
        first = {"state": [("running", _("not closed")), ("all", _("all"))]}
        for name, offered in choices.items():
            self.fields[name].choices = first.get(name, everything) + offered  # type: ignore[attr-defined]
        self.fields["sort"].choices = [  # type: ignore[attr-defined]
            (name, label) for name, (label, _order) in self.SORTS.items()
        ]
        self.fields["unit"].queryset = units.order_by("position", "name")  # type: ignore[attr-defined]
        if reader.role == Role.CONTACT:
            del self.fields["unit"]  # there is one

    def asked(self) -> dict[str, Any]:
        """Give what was asked for, without what makes no sense; what is not closed unless a
        state was asked for."""
        self.full_clean()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return {"state": "running"} | said

    @property
    def narrows(self) -> bool:
        """Whether anything is left out of the register."""
        return {**self.asked(), "sort": ""} != {"state": "all", "sort": ""}

    def order(self) -> tuple[str, ...]:
        """Give the order of the list, the earliest due date first if none was asked for."""
        return self.SORTS.get(self.asked().get("sort", ""), self.SORTS["due"])[1]
