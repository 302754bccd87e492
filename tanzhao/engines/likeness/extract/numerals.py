"""Numbers as Word writes them before paragraphs: 一、（二） ③ IV. Source: ECMA-376 17.18.59."""

from collections.abc import Callable

_DIGITS = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_CIRCLED = ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1))
_LARGEST = 9999  # beyond it all are written with digits


def numeral(number: int, kind: str) -> str:
    """Write a number in one of Word's ways; with digits in those that offices here do not use."""
    if kind == "none":
        return ""
    if not 0 < number <= _LARGEST:
        return str(number)
    return _KINDS.get(kind, str)(number)


def _counted(number: int, digits: str, units: tuple[str, str, str]) -> str:
    """Write 3102 as three thousand, one hundred, nought, two."""
    written = ""
    for place, unit in zip((1000, 100, 10, 1), (*units[::-1], ""), strict=True):
        digit = number // place % 10
        if digit:
            written += digits[digit] + unit
        elif written and not written.endswith(digits[0]):
            written += digits[0]
    return written.rstrip(digits[0])


def _chinese(number: int) -> str:
    return _counted(number, _DIGITS, ("十", "百", "千")).removeprefix("一" * (10 <= number < 20))


def _legal(number: int) -> str:
    return _counted(number, _LEGAL, ("拾", "佰", "仟"))


def _digital(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


def _roman(number: int) -> str:
    written = ""
    for value, sign in _ROMAN:
        written += sign * (number // value)
        number %= value
    return written


def _letters(number: int) -> str:
    """Write a … z, then aa, bb …"""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 30)


def _circled(number: int) -> str:
    for first, last, code in _CIRCLED:
        if first <= number <= last:
            return chr(code + number - first)
    return str(number)


def _from(code: int, most: int) -> Callable[[int], str]:
    return lambda number: chr(code + number - 1) if number <= most else str(number)


def _of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if number <= len(signs) else str(number)


def _wide(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


_KINDS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting",
         "taiwaneseCountingThousand", "japaneseCounting"),
        _chinese,
    ),
    **dict.fromkeys(("chineseLegalSimplified", "ideographLegalTraditional"), _legal),
    **dict.fromkeys(("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"),
                    _digital),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _circled),
    "decimalEnclosedParen": _from(0x2474, 20),
    "decimalEnclosedFullstop": _from(0x2488, 20),
    **dict.fromkeys(("decimalFullWidth", "decimalFullWidth2"), _wide),
    "decimalZero": "{:02}".format,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "ideographTraditional": _of(_STEMS),
    "ideographZodiac": _of(_BRANCHES),
    "ideographEnclosedCircle": _from(0x3280, 10),
}  # fmt: skip
