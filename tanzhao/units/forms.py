"""What people ask of the list of units, and fill in about one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tanzhao.kernel.imports import headings_of
from tanzhao.units.actions import UnitValues
from tanzhao.units.models import Unit
from tanzhao.units.queries import Units


class RegisterForm(forms.Form):
    """What a reader may ask of the list. A value that makes no sense asks for nothing."""

    SORTS = {
        "office": (_("the office's order"), ("position", "name", "pk")),
        "name": (_("by name"), ("name", "pk")),
        "waiting": (_("never or longest ago inspected first"), ("last_round", "position", "pk")),
        "recent": (_("last inspected first"), ("-last_round", "position", "pk")),
        "members": (_("most Party members first"), ("-member_count", "position", "pk")),
    }

    q = forms.CharField(
        label=_("Name or principal"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"type": "search"}),
    )
    category = forms.ChoiceField(label=_("Kind"), required=False)
    system = forms.ChoiceField(label=_("System"), required=False)
    parent = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Below"), required=False, empty_label=_("all")
    )
    state = forms.ChoiceField(label=_("Inspection"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False)
    top = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, visible: Units) -> None:
        super().__init__(data)
        everything = [("", _("all"))]
        known = list(visible.order_by().values_list("category", "system", "priority").distinct())
        for place, name in enumerate(("category", "system", "priority")):
            words = sorted({row[place] for row in known} - {""})
            if name == "priority":
                words.sort(key=lambda word: "高中低".find(word))
            self.fields[name].choices = [*everything, *((w, w) for w in words)]  # type: ignore[attr-defined]
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            *everything,
            ("inspected", _("inspected")),
            ("not", _("not yet inspected")),
            ("retired", _("closed or merged")),
        ]
        self.fields["sort"].choices = [  # type: ignore[attr-defined]
            (name, label) for name, (label, _order) in self.SORTS.items()
        ]
        parents = visible.filter(pk__in=visible.filter(parent__isnull=False).values("parent"))
        self.fields["parent"].queryset = parents.order_by("position", "name")  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """Give what makes sense of what was asked, without what was left open."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def order(self) -> tuple[str, ...]:
        """Give the order asked for."""
        return self.SORTS[self.asked().get("sort", "office")][1]


class UnitForm(forms.Form):
    name = forms.CharField(label=_("Unit"), max_length=120)
    category = forms.CharField(label=_("Kind"), max_length=40, required=False)
    form = forms.CharField(label=_("Form of organisation"), max_length=40, required=False)
    parent = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Organisation above"), required=False, empty_label=_("none")
    )
    system = forms.CharField(label=_("System"), max_length=40, required=False)
    members = forms.IntegerField(
        label=_("Party members"), min_value=0, max_value=1_000_000, required=False
    )
    head = forms.CharField(label=_("Principal"), max_length=60, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    retired = forms.BooleanField(label=_("Closed or merged"), required=False)

    def __init__(self, *args: Any, visible: Units, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict.fromkeys(headings_of("units").fields["priority"].values.values())
        initial = self.initial.get("priority") or ""
        choices = dict.fromkeys(["", *words, initial])
        self.fields["priority"].choices = [(word, word or "—") for word in choices]  # type: ignore[attr-defined]
        self.fields["parent"].queryset = visible.order_by("position", "name")  # type: ignore[attr-defined]

    def values(self) -> UnitValues:
        """Give what was filled in."""
        return UnitValues(**self.cleaned_data)


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Merged into"), empty_label=_("choose a unit")
    )

    def __init__(self, *args: Any, others: Units, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = others.order_by("position", "name")  # type: ignore[attr-defined]
