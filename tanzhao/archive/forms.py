"""What people fill in about the archive."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SealForm(forms.Form):
    left_open_reason = forms.CharField(
        label=_("Why the items not closed are left open for the long term"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
