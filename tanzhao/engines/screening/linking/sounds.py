"""How names sound: the pack of kind `sounds`, and the ASCII columns made of a name with it."""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

# Given and family name of people whose names are written with a dot, as many Uyghur names are.
DOTS = re.compile(r"[·•・‧∙⋅．.\s]+")
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
SHORTEST_COMPOUND_NAME = 3


@dataclass(frozen=True)
class Sounds:
    """A pack of kind `sounds`."""

    variants: Mapping[int, str]  # code point to the character it stands for: for str.translate
    compounds: frozenset[str]  # surnames of two characters
    readings: Mapping[str, tuple[str, ...]]  # surname to its syllables where they are unusual
    folding: tuple[tuple[re.Pattern[str], str], ...]  # in this order, on a syllable


class SpelledName(NamedTuple):
    """A name in ASCII. Equal columns mean equal in that respect.

    `characters` has five hexadecimal digits for each character, variant forms made equal;
    `pinyin`, `folded` and `in_order` have syllables with a blank between them, the last sorted.
    """

    characters: str
    pinyin: str
    folded: str
    in_order: str
    surname: str  # folded syllables of the surname


def read_sounds(folder: Path) -> Sounds:
    """Read a pack of kind `sounds` that the pack check has passed (kernel/packs)."""
    return Sounds(
        variants={ord(row["character"]): row["stands_for"] for row in _rows(folder, "variants")},
        compounds=frozenset(row["surname"] for row in _rows(folder, "surnames")),
        readings={
            row["surname"]: tuple(row["syllables"].split()) for row in _rows(folder, "readings")
        },
        folding=tuple(
            (re.compile(row["pattern"]), row["becomes"]) for row in _rows(folder, "folding")
        ),
    )


def _rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


class Speller:
    """Spells names; every character and every syllable is looked up once.

    A character has one reading, whatever stands beside it (surnames apart): two spellings of one
    name must not differ because a dictionary of phrases knows one of them.
    """

    def __init__(self, sounds: Sounds, syllable_of: Callable[[str], str]) -> None:
        self._sounds = sounds
        self._syllable_of = syllable_of
        self._syllables: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        # What a Chinese character gives: its digits, its syllable, and that folded.
        self._characters: dict[str, tuple[str, str, str]] = {}
        self._surnames: dict[str, tuple[str, str, str]] = {}
        # What stands behind a surname gives the same, each with a blank before it, and in parts.
        self._given: dict[str, tuple[str, str, str, tuple[str, ...]]] = {}

    def spell(self, name: str) -> SpelledName:
        """Spell one name; "" has empty columns throughout."""
        if not name or name[:2] in self._sounds.compounds:
            return self._spell_any(name)
        # A million names are mostly a few hundred surnames before some ten thousand given names.
        try:
            digits, syllable, folded = self._surnames[name[0]]
            given = self._given.get(name[1:]) or self._learn_given(name[1:])
        except KeyError:
            return self._spell_any(name)
        return SpelledName(
            digits + given[0], syllable + given[1], folded + given[2],
            " ".join(sorted((folded, *given[3]))), folded,
        )  # fmt: skip

    def _learn_given(self, given: str) -> tuple[str, str, str, tuple[str, ...]]:
        """Raises: KeyError if one of its characters was not learned yet."""
        cells = [self._characters[character] for character in given]
        folded = tuple(cell[2] for cell in cells)
        self._given[given] = (
            "".join(cell[0] for cell in cells),
            "".join(f" {cell[1]}" for cell in cells),
            "".join(f" {syllable}" for syllable in folded),
            folded,
        )
        return self._given[given]

    def _spell_any(self, name: str) -> SpelledName:
        plain = DOTS.sub("", unicodedata.normalize("NFKC", name)).translate(self._sounds.variants)
        pieces = self._pieces(plain)
        surname = self._surname(plain)
        syllables = [
            *self._sounds.readings.get(surname, map(self._syllable, pieces[: len(surname)])),
            *map(self._syllable, pieces[len(surname) :]),
        ]
        folded = [self._fold(syllable) for syllable in syllables]
        self._learn(name)
        return SpelledName(
            characters="".join(f"{ord(character):05x}" for character in plain.upper()),
            pinyin=" ".join(syllables),
            folded=" ".join(folded),
            in_order=" ".join(sorted(folded)),
            surname=" ".join(folded[: max(1, len(surname))]),
        )

    def _learn(self, name: str) -> None:
        """Keep what each Chinese character of a name gives, within a name and as a surname."""
        for character in filter(HAN.match, name):
            if (
                character in self._characters
                or unicodedata.normalize("NFKC", character) != character
            ):
                continue
            plain = character.translate(self._sounds.variants)
            digits = f"{ord(plain):05x}"
            syllable = self._syllable(plain)
            self._characters[character] = (digits, syllable, self._fold(syllable))
            (syllable,) = self._sounds.readings.get(plain, (syllable,))
            self._surnames[character] = (digits, syllable, self._fold(syllable))

    def spell_all(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Spell names, in their order, into the columns of SpelledName."""
        columns: dict[str, list[str]] = {column: [] for column in SpelledName._fields}
        # A tuple for each of a million names would cost as much again.
        characters, pinyin, folded, in_order, surname = (one.append for one in columns.values())
        surnames, givens, compounds = self._surnames, self._given, self._sounds.compounds
        for name in names:
            first, given = surnames.get(name[:1]), givens.get(name[1:])
            if first is None or given is None or name[:2] in compounds:
                spelled = self.spell(name)
                characters(spelled.characters)
                pinyin(spelled.pinyin)
                folded(spelled.folded)
                in_order(spelled.in_order)
                surname(spelled.surname)
                continue
            characters(first[0] + given[0])
            pinyin(first[1] + given[1])
            folded(first[2] + given[2])
            in_order(" ".join(sorted((first[2], *given[3]))))
            surname(first[2])
        return columns

    @staticmethod
    def _pieces(plain: str) -> list[str]:
        """Cut into Chinese characters, and words of other letters as they stand."""
        return re.findall(
            r"[\u3400-\u9fff\U00020000-\U0003ffff]|[^\u3400-\u9fff\U00020000-\U0003ffff]+", plain
        )

    def _surname(self, plain: str) -> str:
        if len(plain) >= SHORTEST_COMPOUND_NAME and plain[:2] in self._sounds.compounds:
            return plain[:2]
        return plain[:1] if HAN.match(plain) else ""

    def _syllable(self, piece: str) -> str:
        if piece not in self._syllables:
            spelled = self._syllable_of(piece) if HAN.match(piece) else piece
            # What no dictionary knows is still itself: its code point.
            ascii_only = spelled.lower() if spelled.isascii() else f"u{ord(piece[0]):05x}"
            self._syllables[piece] = re.sub(r"[^a-z0-9]+", "", ascii_only)
        return self._syllables[piece]

    def _fold(self, syllable: str) -> str:
        if syllable not in self._folded:
            folded = syllable
            for pattern, becomes in self._sounds.folding:
                folded = pattern.sub(becomes, folded)
            self._folded[syllable] = folded
        return self._folded[syllable]


def speller(sounds: Sounds) -> Speller:
    """Give a speller that reads characters with pypinyin."""
    # Loads a dictionary of forty thousand characters: only where names are spelled.
    from pypinyin import Style, lazy_pinyin

    return Speller(sounds, lambda character: lazy_pinyin(character, style=Style.NORMAL)[0])
