"""The one place that reads the environment: values of the place where the program runs."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PREFIX = "TANZHAO_"
KNOWN = {
    "TANZHAO_HOME": "the folder of the database, the stored files and the keys",
    "TANZHAO_DATABASE": "sqlite (the default), or postgresql://user:password@host:port/name",
    "TANZHAO_HOSTS": "host names that may be asked for, separated by commas",
    "TANZHAO_ORIGINS": "addresses with scheme behind a proxy, separated by commas",
    "TANZHAO_TLS": "yes if every reader arrives by https, else no",
}
ROOT = Path(__file__).parent.parent.parent


class BadEnvironment(Exception):
    """A variable of ours is misspelt or has a value that cannot be read."""


def refuse_unknown() -> None:
    """Raise BadEnvironment if a variable begins with our prefix and is not known."""
    unknown = sorted(n for n in os.environ if n.startswith(PREFIX) and n not in KNOWN)
    if unknown:
        raise BadEnvironment(f"unknown: {', '.join(unknown)}; known: {', '.join(KNOWN)}")


def home() -> Path:
    """Give the folder that holds everything a back-up must hold, made if it is missing."""
    folder = Path(os.environ.get("TANZHAO_HOME", ROOT / "var" / "home"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def words(name: str, default: str = "") -> list[str]:
    """Split a list written with commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def yes_or_no(name: str, *, default: bool) -> bool:
    """Read yes or no; anything else is refused."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value not in {"yes", "no"}:
        raise BadEnvironment(f"{name} is yes or no, not {value!r}")
    return value == "yes"


def key_file(name: str) -> str:
    """Read a secret of this installation, made at random the first time.

    The file is readable by its owner only. Two processes starting at once agree on one key.
    """
    path = home() / "keys" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        # Made whole under another name and then linked: nobody can read half a key.
        descriptor, made = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            path.hardlink_to(made)
        except FileExistsError:
            pass
        finally:
            Path(made).unlink()
    return path.read_text(encoding="ascii")


def database() -> dict[str, Any]:
    """Give Django's settings of the database."""
    address = os.environ.get("TANZHAO_DATABASE", "sqlite")
    if address == "sqlite":
        return sqlite(home() / "tanzhao.sqlite3")
    parts = urlsplit(address)
    if parts.scheme != "postgresql":
        raise BadEnvironment(f"TANZHAO_DATABASE: {KNOWN['TANZHAO_DATABASE']}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.removeprefix("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 12, "timeout": 30}},
    }


def sqlite(path: Path) -> dict[str, Any]:
    """Give the settings of one SQLite file that several processes write to.

    IMMEDIATE makes writers queue at BEGIN; in the default mode two that read and then
    write meet at the upgrade of their locks and one fails at once, whatever the timeout.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 60,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            " PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;",
        },
    }
