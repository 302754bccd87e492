"""What people ask of the talent pool, and fill in about one person."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tanzhao.inspectors.actions import InspectorValues
from tanzhao.inspectors.models import Inspector, Sex
from tanzhao.inspectors.queries import Inspectors, skills_of
from tanzhao.kernel.imports import as_month, first_of_month
from tanzhao.kernel.sheets.identity import read_id_number
from tanzhao.kernel.sheets.numbers import read_month
from tanzhao.kernel.sheets.text import split_list

LONGEST = 120  # characters of a workplace or a unit


class PoolForm(forms.Form):
    """What a reader may ask of the pool. A value that makes no sense asks for nothing."""

    SORTS = {
        "name": (_("by name"), ("name", "pk")),
        "workplace": (_("by workplace"), ("workplace", "name", "pk")),
        "young": (_("youngest first"), ("-born_or_unknown", "name", "pk")),
        "served": (_("most rounds first"), ("-rounds_served", "name", "pk")),
        "rested": (_("fewest rounds first"), ("rounds_served", "name", "pk")),
    }

    q = forms.CharField(
        label=_("Name, workplace or post"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"type": "search"}),
    )
    skill = forms.ChoiceField(label=_("Skill"), required=False)
    full_time = forms.ChoiceField(label=_("Full-time"), required=False)
    grade = forms.ChoiceField(label=_("Grade"), required=False)
    workplace = forms.ChoiceField(label=_("Workplace"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False)

    def __init__(self, data: Any, *, visible: Inspectors) -> None:
        super().__init__(data)
        known = list(visible.order_by().values_list("grade", "workplace").distinct())
        choices: dict[str, list[Any]] = {
            "skill": [(skill, skill) for skill in skills_of(visible)],
            "full_time": [("yes", _("full-time")), ("no", _("lent"))],
            "grade": [(word, word) for word in sorted({row[0] for row in known} - {""})],
            "workplace": [(word, word) for word in sorted({row[1] for row in known} - {""})],
            "state": [("retired", _("left the pool"))],
        }
        for name, offered in choices.items():
            first = ("", _("in the pool") if name == "state" else _("all"))
            self.fields[name].choices = [first, *offered]  # type: ignore[attr-defined]
        self.fields["sort"].choices = [  # type: ignore[attr-defined]
            (name, label) for name, (label, _order) in self.SORTS.items()
        ]

    def asked(self) -> dict[str, Any]:
        """Give what makes sense of what was asked, without what was left open."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def order(self) -> tuple[str, ...]:
        """Give the order asked for."""
        return self.SORTS[self.asked().get("sort", "name")][1]


class ListField(forms.CharField):
    """Several words, written with 、 between them; cleaned to a list."""

    def __init__(self, label: Any, more: Any = "") -> None:
        several = _("Several are written with 、 between them.")
        super().__init__(
            label=label,
            required=False,
            help_text=format_lazy("{} {}", several, more) if more else several,
        )

    def clean(self, value: Any) -> Any:
        words = split_list(super().clean(value))
        if any(len(word) > LONGEST for word in words):
            raise forms.ValidationError(
                _("A name has at most %(most)s characters."), params={"most": LONGEST}
            )
        return words


class InspectorForm(forms.Form):
    name = forms.CharField(label=_("Full name"), max_length=60)
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=[("", "—"), *Sex.choices])
    born = forms.CharField(
        label=_("Born"), required=False, max_length=20, help_text=_("Year and month: 1985-07")
    )
    native_place = forms.CharField(label=_("Native place"), max_length=60, required=False)
    id_number = forms.CharField(
        label=_("ID number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    workplace = forms.CharField(label=_("Workplace"), max_length=120, required=False)
    title = forms.CharField(label=_("Post"), max_length=60, required=False)
    grade = forms.CharField(label=_("Grade"), max_length=40, required=False)
    full_time = forms.BooleanField(label=_("Full-time"), required=False)
    skills = ListField(_("Skills"))
    past_workplaces = ListField(_("Former workplaces"))
    recusal_units = ListField(
        _("Declared recusal units"),
        _("What was declared in the program stays; it is withdrawn on the person's page."),
    )
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    retired = forms.BooleanField(label=_("Left the pool"), required=False)

    def __init__(self, *args: Any, inspector: Inspector | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if inspector is not None and inspector.id_number:
            self.fields["id_number"].help_text = _(
                "It is not shown here. Leave this empty to keep it; write a new one to replace it."
            )

    def clean_born(self) -> dt.date | None:
        text = self.cleaned_data["born"]
        if not text:
            return None
        found = read_month(text)
        if found.code or not found.value:
            raise forms.ValidationError(_("Write year and month, for example 1985-07."))
        return first_of_month(found.value)

    def clean_id_number(self) -> str | None:
        text = self.cleaned_data["id_number"]
        if not text:
            return None
        found = read_id_number(text)
        if found.code:
            raise forms.ValidationError(
                _("This is not an ID number: its length or its check digit is wrong.")
            )
        return str(found.value)

    def values(self) -> InspectorValues:
        """Give what was filled in."""
        return InspectorValues(**self.cleaned_data)


def initial_of(inspector: Inspector) -> dict[str, Any]:
    """Give what the form shows of a person; the ID number is not among it."""
    names = ["name", "sex", "native_place", "workplace", "title", "grade", "full_time", "phone"]
    return {name: getattr(inspector, name) for name in names} | {
        "born": as_month(inspector.born),
        "retired": inspector.retired,
        "skills": "、".join(inspector.skills),
        "past_workplaces": "、".join(s.workplace for s in inspector.services.all()),
        "recusal_units": "、".join(r.unit_name for r in inspector.declared_recusals.all()),
    }
