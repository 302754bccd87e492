"""The message catalogues: `extract` adds new messages, `check` fails if anything is missing.

    python tools/catalogues.py extract [FOLDER-OF-JSON]   texts {"English": "中文"} to be added
    python tools/catalogues.py check

Chinese is complete, always; English message ids are the English text, so the English
catalogue holds nothing. The compiled .mo is kept in the repository, since a machine that
only runs the program need not have gettext.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "tanzhao/locale/zh_Hans/LC_MESSAGES/django.po"
PLACES = re.compile(r"%\(\w+\)[sd]|%[sdr]|\{\w*\}")
# Words that are the same in both languages.
SAME = {"English", "SHA-256", "JSON", "XLSX", "PDF", "SHA256", "—"}


def messages_in_code() -> polib.POFile:
    """Collect every translatable message of the program with Django's own extractor."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tanzhao"
        (tree / "locale").mkdir(parents=True)
        for child in (ROOT / "tanzhao").iterdir():
            if child.name != "locale":
                (tree / child.name).symlink_to(child)
        subprocess.run(
            [sys.executable, "-m", "django", "makemessages", "-l", "zh_Hans", "--symlinks",
             "--no-location", "--no-wrap", "-i", "migrations", "-v", "0"],
            cwd=tree, check=True, env={"PATH": "/usr/bin:/bin:/usr/local/bin"},
        )  # fmt: skip
        return polib.pofile(str(tree / "locale/zh_Hans/LC_MESSAGES/django.po"))


def translated(entry: polib.POEntry, text: str, flags: list[str]) -> polib.POEntry:
    """Make the entry of the catalogue. A counted message is found only under both its forms, of
    which Chinese has one."""
    if entry.msgid_plural:
        return polib.POEntry(
            msgid=entry.msgid,
            msgid_plural=entry.msgid_plural,
            msgstr_plural={0: text},
            flags=flags,
        )
    return polib.POEntry(msgid=entry.msgid, msgstr=text, flags=flags)


def texts_of(catalogue: polib.POFile | polib.MOFile) -> dict[str, str]:
    """Give the Chinese of every message, counted ones included."""
    return {e.msgid: e.msgstr_plural[0] if e.msgid_plural else e.msgstr for e in catalogue}


def extract(folder: str | None) -> int:
    """Write the catalogue anew from the code, keeping known translations and adding given ones."""
    known = texts_of(polib.pofile(str(CATALOGUE))) if CATALOGUE.exists() else {}
    for file in sorted(Path(folder).glob("*.json")) if folder else []:
        known |= {k: v for k, v in json.loads(file.read_text("utf-8")).items() if v}
    fresh = messages_in_code()
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Language": "zh_Hans",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for entry in sorted((e for e in fresh if not e.obsolete), key=lambda e: e.msgid):
        flags = [flag for flag in entry.flags if flag != "fuzzy"]
        text = known.get(entry.msgid, "")
        if entry.msgid.startswith("\n") != text.startswith("\n") and text:
            text = "\n" + text.lstrip("\n") if entry.msgid.startswith("\n") else text.lstrip("\n")
        catalogue.append(translated(entry, text, flags))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    missing = [msgid for msgid, text in texts_of(catalogue).items() if not text]
    print(f"{len(catalogue)} messages, {len(missing)} without Chinese")
    print(json.dumps(dict.fromkeys(missing, ""), ensure_ascii=False, indent=1) if missing else "")
    return 0


def check() -> int:
    """Fail if a message of the code is not in the catalogue, is untranslated, or lost a place."""
    catalogue = polib.pofile(str(CATALOGUE))
    known = texts_of(catalogue)
    fresh = [e for e in messages_in_code() if not e.obsolete]
    used = {e.msgid for e in fresh}
    wrong = [f"not in the catalogue: {m!r}" for m in sorted(used - known.keys())]
    wrong += [f"no longer used: {m!r}" for m in sorted(known.keys() - used)]
    counted = {e.msgid for e in catalogue if e.msgid_plural}
    wrong += [
        f"counted, and has no form for it: {e.msgid!r}"
        for e in fresh
        if e.msgid_plural and e.msgid not in counted
    ]
    wrong += [f"no Chinese: {m!r}" for m, text in known.items() if not text]
    wrong += [
        f"Chinese has no Chinese: {m!r}"
        for m, text in known.items()
        if text == m and m not in SAME and re.search("[A-Za-z]", m)
    ]
    wrong += [
        f"places differ: {m!r} / {text!r}"
        for m, text in known.items()
        if text and set(PLACES.findall(m)) != set(PLACES.findall(text))
    ]
    compiled = texts_of(polib.mofile(str(CATALOGUE.with_suffix(".mo"))))
    if compiled != {m: t for m, t in known.items() if t}:
        wrong.append("django.mo is not made from django.po: run tools/catalogues.py extract")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    commands = {
        "extract": lambda: extract(sys.argv[2] if len(sys.argv) > 2 else None),
        "check": check,
    }
    if len(sys.argv) < 2 or sys.argv[1] not in commands:
        print(__doc__)
        sys.exit(2)
    sys.exit(commands[sys.argv[1]]())
