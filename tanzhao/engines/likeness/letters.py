"""The letters of a text: what is left of it once spelling, spacing and numbers do not matter.

A letter is a Chinese character (any sign from U+2E80 on), a word of another script, or a number.
Words are one letter each because six Latin characters say next to nothing, six words as much as
six Chinese characters.
"""

import unicodedata
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.compiling import compiled

# What a code point folds to, if not to a letter.
# In this order, so that one comparison tells several.
LEFT_OUT, BLANK, LINE_END, MARK, FULL_STOP, DIGIT, JOINING = range(7)
_LINE_ENDS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_MARKS = frozenset("。！？；!?;｡")
# What `Letters.first` says.
WITHIN, LINE, SENTENCE = 0, 1, 2
_FIRST_SIGN = 0x2E80  # from here on every code point is a letter of its own
_PLANE = 0x10000
# Ideographs and Hangul fold to themselves, but for those kept for compatibility.
_THEMSELVES = range(0x3400, 0xF900), range(0x20000, 0x2F800), range(0x30000, 0x40000)
LONGEST_FOLDING = 18  # letters that one character may fold to: U+FDFA

# Letters as numbers of 16 bits. Signs keep their code point; words share what lies below.
MASKED, NUMBER, _FIRST_WORD = 0, 1, 2
_WORDS = _FIRST_SIGN - _FIRST_WORD
# Signs beyond the first plane are rare; they share the private use area.
_PRIVATE, _PRIVATE_SIZE = 0xE000, 0x1900


class Letters(NamedTuple):
    """The letters of one text, in four arrays as long.

    `signs` (uint16): equal letters have equal signs; 0 is a letter of an allowed text. `starts`
    and `ends` (int32): its characters in the text. `first` (uint8): SENTENCE if one begins with
    it; LINE if what begins is a line that no mark ends, a heading or the row of a table.
    """

    signs: NDArray[np.uint16]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    first: NDArray[np.uint8]


def folded(character: str) -> list[int]:
    """Give what a character folds to: code points of letters, or what stands in their place.

    NFKC and case folding, one character at a time, so that each letter has its place. Marks over
    letters (accents) join what stands around them and are left out, so that it does not matter
    whether a text has them composed.
    """
    if character in _LINE_ENDS:
        return [LINE_END]
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", character).casefold())
    bare = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "M")
    composed = unicodedata.normalize("NFC", bare)
    return [_kind(sign) for sign in composed] or [_kind(character)]


def _kind(sign: str) -> int:
    category = unicodedata.category(sign)
    if sign in _MARKS:
        return MARK
    if sign == ".":
        return FULL_STOP
    if category == "Nd":
        return DIGIT
    if category[0] in "LN":
        return ord(sign)
    if category in ("Mn", "Me", "Mc", "Cf"):
        return JOINING
    return BLANK if category == "Zs" or sign == "\t" else LEFT_OUT


@cache
def folding() -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Give what every code point folds to, and the longer foldings.

    A negative number -n says that the folding is a row of the second table: its length stands at
    n, its code points behind it.
    """
    table = np.zeros(0x110000, dtype=np.int32)
    longer = [0]
    for code in chain(range(4 * _PLANE), range(0xE0000, 0xE0200)):
        character = chr(code)
        category = unicodedata.category(character)
        if category in ("Cn", "Co", "Cs"):
            continue  # most of Unicode: unassigned, private, or half of a character
        if category == "Lo" and any(code in stretch for stretch in _THEMSELVES):
            table[code] = code
            continue
        kinds = folded(character)
        if len(kinds) == 1:
            table[code] = kinds[0]
        else:
            table[code] = -len(longer)
            longer += [len(kinds), *kinds]
    return table, np.array(longer, dtype=np.int32)


@compiled
def fold(
    codes: NDArray[np.uint32],
    table: NDArray[np.int32],
    longer: NDArray[np.int32],
    signs: NDArray[np.uint16],
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    first: NDArray[np.uint8],
) -> int:
    """Write the letters of `codes`, and give how many there are; -1 if there is no room."""
    count = 0
    room = len(signs)
    begun = -1  # the first letter of the sentence that is read
    word = False  # the letter before is a word that may go on
    number = False  # nothing but punctuation since a number
    spelling = np.uint32(0)
    for place in range(len(codes)):
        kind = table[codes[place]]
        if _FIRST_SIGN <= kind < _PLANE and count < room:
            # Nearly every character is a sign of its own.
            signs[count] = kind
            starts[count] = place
            ends[count] = place + 1
            first[count] = LINE if begun < 0 else WITHIN
            begun = count if begun < 0 else begun
            word = number = False
            count += 1
            continue
        row, rest = 0, 1
        if kind < 0:
            row = -kind
            rest = longer[row]
        if count + rest > room:
            return -1
        for _ in range(rest):
            if row:
                row += 1
                kind = longer[row]
            if kind == FULL_STOP:
                # It ends a sentence if a blank follows; else it stands in a number or a name.
                after = table[codes[place + 1]] if place + 1 < len(codes) else LINE_END
                kind = MARK if BLANK <= after <= LINE_END else LEFT_OUT
            if kind <= BLANK:
                word = False
            elif kind <= MARK:
                word = number = False
                if kind == MARK and begun >= 0:
                    first[begun] = SENTENCE
                begun = -1
            elif kind == DIGIT:
                word = False
                if number:
                    ends[count - 1] = place + 1
                else:
                    signs[count] = NUMBER
                    starts[count] = place
                    ends[count] = place + 1
                    first[count] = LINE if begun < 0 else WITHIN
                    begun = count if begun < 0 else begun
                    number = True
                    count += 1
            elif kind >= _FIRST_SIGN:
                signs[count] = kind if kind < _PLANE else _PRIVATE + kind % _PRIVATE_SIZE
                starts[count] = place
                ends[count] = place + 1
                first[count] = LINE if begun < 0 else WITHIN
                begun = count if begun < 0 else begun
                word = number = False
                count += 1
            elif kind != JOINING:
                if not word:
                    spelling = np.uint32(2166136261)
                    starts[count] = place
                    first[count] = LINE if begun < 0 else WITHIN
                    begun = count if begun < 0 else begun
                    number = False
                    word = True
                    count += 1
                spelling = np.uint32((spelling ^ np.uint32(kind)) * np.uint32(16777619))
                signs[count - 1] = _FIRST_WORD + (spelling ^ (spelling >> np.uint32(15))) % _WORDS
                ends[count - 1] = place + 1
    return count


def codes_of(text: str) -> NDArray[np.uint32]:
    """Give the code points of a text."""
    # A lone surrogate stands for a character that could not be read; it is no letter.
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def letters_of(text: str) -> Letters:
    """Give the letters of a text, each with its place."""
    codes = codes_of(text)
    table, longer = folding()
    room = len(codes)
    while True:
        signs = np.empty(room, dtype=np.uint16)
        starts = np.empty(room, dtype=np.int32)
        ends = np.empty(room, dtype=np.int32)
        first = np.empty(room, dtype=np.uint8)
        count = fold(codes, table, longer, signs, starts, ends, first)
        if count >= 0:
            return Letters(signs[:count], starts[:count], ends[:count], first[:count])
        room = room * 2 + LONGEST_FOLDING
