"""Signing in and out, and every change of an account."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Role
from tanzhao.accounts.rules import may_change_accounts
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.kernel.verdict import Refused, require


@transaction.atomic
def note_sign_in(*, user: User, at: datetime) -> None:
    """Put a sign-in into the trail."""
    record(verb=Verb.SIGNED_IN, actor=user, target=user, at=at)


@transaction.atomic
def note_sign_out(*, user: User, at: datetime) -> None:
    """Put a sign-out into the trail."""
    record(verb=Verb.SIGNED_OUT, actor=user, target=user, at=at)


@transaction.atomic
def note_failed_sign_in(*, username: str, at: datetime) -> None:
    """Put a failed sign-in to an existing account into the trail.

    A name that is no account is not kept: it may be a password typed into the wrong place.
    """
    user = User.objects.filter(username=username).first()
    if user is not None:
        record(verb=Verb.SIGN_IN_FAILED, actor=None, target=user, at=at)


@transaction.atomic
def change_language(*, user: User, language: str, at: datetime) -> None:
    """Change the language of the account's pages."""
    before, user.language = user.language, language
    user.save(update_fields=["language"])
    record(verb=Verb.LANGUAGE_CHANGED, actor=user, target=user, at=at, before=before)


@transaction.atomic
def open_account(
    *,
    actor: User | None,
    at: datetime,
    username: str,
    full_name: str,
    role: Role,
    password: str,
    unit_id: UUID | None = None,
    inspector_id: UUID | None = None,
    agency: str = "",
    operator: str = "",
) -> User:
    """Open an account.

    Args:
        actor: the system administrator, or None for an operator at the machine.
        operator: who that is, as the machine knows them.
    Raises:
        Refused: the actor may not open accounts.
        ValidationError: the name is taken, the password is too weak, or the role lacks its
            unit or inspector.
    """
    require(may_change_accounts(actor))
    user = User(
        username=username,
        full_name=full_name,
        role=role,
        unit_id=unit_id if role == Role.CONTACT else None,
        inspector_id=inspector_id if role == Role.INSPECTOR else None,
        agency=agency if role == Role.SUPERVISOR else "",
    )
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save(force_insert=True)
    record(
        verb=Verb.ACCOUNT_OPENED,
        actor=actor,
        target=user,
        at=at,
        role=str(role),
        operator=operator,
    )
    return user


@transaction.atomic
def change_account(
    *, user_id: UUID, actor: User, at: datetime, full_name: str, is_active: bool
) -> User:
    """Change the name on an account, or stop or allow its signing in. The role is for ever:
    a person with a new task gets a new account, so that the trail stays readable.

    Raises: Refused if the actor may not, or would lock themselves out.
    """
    require(may_change_accounts(actor))
    user = User.objects.select_for_update().get(pk=user_id)
    if user == actor and not is_active:
        raise Refused(_("You cannot stop your own account. Ask another administrator."))
    before = {"full_name": user.full_name, "is_active": user.is_active}
    user.full_name, user.is_active = full_name, is_active
    user.save(update_fields=["full_name", "is_active"])
    record(verb=Verb.ACCOUNT_CHANGED, actor=actor, target=user, at=at, before=before)
    return user


@transaction.atomic
def set_password(
    *, user_id: UUID, actor: User | None, at: datetime, password: str, operator: str = ""
) -> None:
    """Give an account a new password. Its open sessions end.

    Raises:
        Refused: the actor is neither the account's holder nor may change accounts.
        ValidationError: the password is too weak.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if actor != user:
        require(may_change_accounts(actor))
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    record(verb=Verb.PASSWORD_CHANGED, actor=actor, target=user, at=at, operator=operator)


@transaction.atomic
def note_trail_seen(*, actor: User, at: datetime) -> None:
    """Put a look at the trail into the trail."""
    record(verb=Verb.TRAIL_SEEN, actor=actor, target=actor, at=at)
