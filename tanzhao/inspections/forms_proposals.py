"""What people fill in about proposed teams."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ProposeForm(forms.Form):
    keep = forms.BooleanField(
        label=_("Keep who is on a team already"),
        required=False,
        initial=True,
        help_text=_("They stay where they are, in their roles, unless recusal stands against it."),
    )


class PlaceForm(forms.Form):
    into = forms.UUIDField()


class PersonFilter(forms.Form):
    q = forms.CharField(
        label=_("Name or workplace"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
