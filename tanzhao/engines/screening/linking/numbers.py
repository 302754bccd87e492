"""ID numbers as they can be compared when one digit of them is wrong."""

import re
import unicodedata

import numpy as np
import pyarrow as pa

# What Excel lost of a number it took for an amount.
LOST = "???"
LENGTH = 18


def clean_number(text: str | None) -> str | None:
    """Give what can be compared of an ID number as written: 17 to 19 characters, or none.

    A number that Excel stored as an amount has kept fifteen digits; `???` stands for the rest.
    """
    if not text:
        return None
    if text.isascii() and text.isdigit():  # as most are
        return _of_digits(text)
    plain = unicodedata.normalize("NFKC", text).upper().strip().removesuffix(".0")
    power = re.fullmatch(r"(\d)\.(\d+)E\+?17", plain)
    if power:
        # Fewer digits say too little: what a sheet shows as 4.20621E+17 is a million numbers.
        return (power[1] + power[2]).ljust(15, "0")[:15] + LOST if len(power[2]) >= 12 else None
    return _of_digits(re.sub(r"[^0-9X]", "", plain))


def _of_digits(digits: str) -> str | None:
    if len(digits) == LENGTH and digits.endswith("000"):
        return digits[:15] + LOST
    return digits if LENGTH - 1 <= len(digits) <= LENGTH + 1 else None


def swaps(numbers: pa.StringArray) -> tuple[pa.Array, pa.Array]:
    """Give for numbers of 18 characters what tells that two neighbours changed places.

    Sums of the first one, two, three … digits (modulo 11, X is 10), and the digits in order. Two
    numbers with the same digits, one of whose sums differs, differ by two neighbours that changed
    places: swapping digits i and i + 1 changes the sum of the first i and no other.
    """
    offset, size = numbers.offset * LENGTH, len(numbers) * LENGTH
    # All are equally long, so that their characters stand in one block without gaps.
    letters = np.frombuffer(numbers.buffers()[2] or b"", dtype=np.uint8)[offset : offset + size]
    letters = letters.reshape(-1, LENGTH)
    digits = np.where(letters == ord("X"), 10, letters - ord("0")).astype(np.uint8)
    sums = np.cumsum(digits, axis=1, dtype=np.uint16) % 11
    return _as_texts(sums), _as_texts(np.sort(digits, axis=1))


def _as_texts(values: "np.ndarray[tuple[int, int], np.dtype[np.uint8 | np.uint16]]") -> pa.Array:
    """Write values below 11 as characters, one row a text."""
    letters = np.ascontiguousarray((values + ord("A")).astype(np.uint8))
    fixed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(LENGTH), len(letters), [None, pa.py_buffer(letters)]
    )
    return fixed.cast(pa.binary()).cast(pa.string())
