"""What people fill in about accounts."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import Agency, User
from tanzhao.access.table import Role
from tanzhao.inspectors.models import Inspector
from tanzhao.units.models import Unit


class ProfileForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class PasswordForm(forms.Form):
    """One's own new password, with the old one."""

    old = forms.CharField(label=_("Present password"), widget=forms.PasswordInput)
    new = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput,
        help_text=_("At least ten characters, not a common word."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise forms.ValidationError(_("This is not your present password."))
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new, self.user)
        return new


class OpenAccountForm(forms.Form):
    username = forms.CharField(
        label=_("User name"), max_length=60, help_text=_("The name to sign in with.")
    )
    full_name = forms.CharField(label=_("Full name"), max_length=60)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = forms.ModelChoiceField(
        Unit.objects.filter(retired=False),
        label=_("Unit"),
        required=False,
        empty_label="—",
        help_text=_("Only for a unit contact."),
    )
    inspector = forms.ModelChoiceField(
        Inspector.objects.none(),
        label=_("Inspector"),
        required=False,
        empty_label="—",
        help_text=_("Only for an inspector: their entry in the talent pool."),
    )
    agency = forms.ChoiceField(
        label=_("Agency"),
        required=False,
        choices=[("", "—"), *Agency.choices],
        help_text=_("Only for a supervisor of rectification."),
    )
    password = forms.CharField(
        label=_("First password"),
        help_text=_("At least ten characters. Hand it over in person; it can be changed."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = User.objects.filter(inspector_id__isnull=False).values("inspector_id")
        field = self.fields["inspector"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  tells the type checker
        field.queryset = Inspector.objects.exclude(pk__in=taken).filter(retired=False)

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"].strip()
        if User.objects.filter(username=name).exists():
            raise forms.ValidationError(_("This name is taken. Choose another one."))
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needs = {Role.CONTACT: "unit", Role.INSPECTOR: "inspector", Role.SUPERVISOR: "agency"}
        field = needs.get(data.get("role", ""))
        if field and not data.get(field):
            self.add_error(field, _("Choose one: this role needs it."))
        return data


class ChangeAccountForm(forms.Form):
    full_name = forms.CharField(label=_("Full name"), max_length=60)
    is_active = forms.BooleanField(label=_("May sign in"), required=False)


class NewPasswordForm(forms.Form):
    password = forms.CharField(label=_("New password"), min_length=10)


class TrailFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("person or thing")}),
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
