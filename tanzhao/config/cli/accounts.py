"""`tanzhao account`: the first account of an installation, and a lost password."""

import argparse
import getpass
import secrets

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Role
from tanzhao.accounts.actions import open_account, set_password
from tanzhao.config.cli.parsing import DONE, Adder, command, fail, say


def add(adder: Adder) -> None:
    """Add the commands about accounts."""
    example = "tanzhao account open admin --role system_admin --name 王芳"
    group = command(
        adder, "account", help_text=_("open accounts, reset passwords"), example=example
    )
    inner = group.add_subparsers(required=True, metavar=_("COMMAND"))
    parser = command(
        inner,
        "open",
        help_text=_("open an account with a first password, which is printed once"),
        example=example,
        run=open_,
    )
    parser.add_argument("username", help=_("name to sign in with"))
    parser.add_argument("--name", required=True, help=_("full name"))
    # A contact needs a unit, an inspector an entry of the talent pool: those are made on the page.
    roles = [role.value for role in Role if role not in {Role.CONTACT, Role.INSPECTOR}]
    parser.add_argument("--role", required=True, choices=roles, help=_("role"))
    parser = command(
        inner,
        "password",
        help_text=_("give an account a new password, which is printed once"),
        example="tanzhao account password admin",
        run=password,
    )
    parser.add_argument("username", help=_("name to sign in with"))


def open_(options: argparse.Namespace) -> int:
    """Open an account."""
    word = secrets.token_urlsafe(12)
    try:
        user = open_account(
            actor=None,
            at=timezone.now(),
            username=options.username,
            full_name=options.name,
            role=options.role,
            password=word,
            operator=getpass.getuser(),
        )
    except ValidationError as error:
        return fail("; ".join(error.messages), as_json=options.json)
    return _tell(user, word, as_json=options.json)


def password(options: argparse.Namespace) -> int:
    """Give an account a new password."""
    user = User.objects.filter(username=options.username).first()
    if user is None:
        text = _("There is no account %(name)s.") % {"name": options.username}
        return fail(text, as_json=options.json)
    word = secrets.token_urlsafe(12)
    set_password(
        user_id=user.pk, actor=None, at=timezone.now(), password=word, operator=getpass.getuser()
    )
    return _tell(user, word, as_json=options.json)


def _tell(user: User, word: str, *, as_json: bool) -> int:
    text = _("%(user)s may sign in as %(name)s with the password %(word)s") % {
        "user": user,
        "name": user.username,
        "word": word,
    }
    say({"username": user.username, "password": word}, as_json=as_json, text=text)
    return DONE
