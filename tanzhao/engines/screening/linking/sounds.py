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

    def spell(self, name: str) -> SpelledName:
        """Spell one name; "" has empty columns throughout."""
        if not name or name[:2] in self._sounds.compounds:
            return self._spell_any(name)
        # A million names are mostly the same few thousand characters.
        try:
            cells = [self._characters[character] for character in name]
            cells[0] = self._surnames[name[0]]
        except KeyError:
            return self._spell_any(name)
        digits, syllables, folded = zip(*cells, strict=True)
        return SpelledName(
            "".join(digits), " ".join(syllables), " ".join(folded), " ".join(sorted(folded)),
            folded[0],
        )  # fmt: skip

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

    def spell_all(self, names: Iterable[str]) -> list[SpelledName]:
        """Spell names, in their order."""
        return [self.spell(name) for name in names]

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
