"""What linking gives, in words: outcomes, and the lines of an explanation."""

from collections.abc import Iterator

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from tanzhao.engines.screening.linking.explaining import BEGINNING, Line
from tanzhao.engines.screening.linking.report import Outcome

BASES = {1: _("one digit off"), 2: _("linked by name and another fact")}
OUTCOMES = {
    "ambiguous": _("left alone: two candidates are as good"),
    "name_alone": _("refused: nothing but the name"),
    "unlike": _("refused: facts agree, the name does not"),
    "nameless": _("without a name"),
    "unknown": _("nobody known weighs enough"),
}
SUBJECTS = {
    "person": _("Persons: %(rows)s rows without a usable ID number; %(known)s people known."),
    "firm": _("Firms: %(rows)s rows without a usable credit code; %(known)s firms known."),
}
BEGINS = _("before anything is compared")
RARITY = _("how rare: %(what)s")


def figures(outcome: Outcome) -> Iterator[tuple[str, int]]:
    """Give each outcome in words with its number of rows."""
    for basis, word in BASES.items():
        yield gettext(word), outcome.linked[basis]
    for code, word in OUTCOMES.items():
        yield gettext(word), getattr(outcome, code)


def said_of(line: Line) -> str:
    """Say what a line of an explanation compares, and how that came out."""
    if line.code == BEGINNING:
        return gettext(BEGINS)
    chinese = (get_language() or "").startswith("zh")
    label = line.label_zh if chinese else line.label_en
    level = line.level_zh if chinese else line.level_en
    return f"{label}: {level}" if line.level else gettext(RARITY) % {"what": label}


def bits(weight: int) -> str:
    """Write a weight in hundredths of a bit as bits, with its sign."""
    return f"{weight / 100:+.2f}"
