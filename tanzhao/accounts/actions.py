"""Signing in and out, and every change of an account."""

from datetime import datetime

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb


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
