"""Accounts. An account knows its unit and its inspector only by key: higher features join them."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from tanzhao.access.table import GRANTS, Action, Role


class Agency(models.TextChoices):
    DISCIPLINE = "discipline", _("discipline commission")
    ORGANISATION = "organisation", _("organisation department")
    PROPAGANDA = "propaganda", _("propaganda department")


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """Somebody who can sign in. There is no superuser: every right comes from the role."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(_("user name"), max_length=60, unique=True)
    full_name = models.CharField(_("full name"), max_length=60)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    agency = models.CharField(_("agency"), max_length=20, choices=Agency, blank=True)
    unit_id = models.UUIDField(null=True, blank=True, db_index=True)
    inspector_id = models.UUIDField(null=True, blank=True, unique=True)
    language = models.CharField(
        _("language"),
        max_length=10,
        default="zh-hans",
        choices=[("zh-hans", "中文"), ("en", "English")],
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="user_role_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.CONTACT) | models.Q(unit_id__isnull=False),
                name="user_contact_has_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def holds(self, action: Action) -> bool:
        """Say whether this account's role may do `action` at all."""
        return self.is_active and self.role in GRANTS[action]
