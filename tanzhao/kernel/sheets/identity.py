"""Reading ID numbers (GB 11643) and telephone numbers."""

import datetime as dt
import re
import unicodedata

from tanzhao.kernel.sheets.numbers import Reading
from tanzhao.kernel.sheets.text import Cell, plain

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_EXACT_IN_EXCEL = 15  # significant digits that Excel keeps of a number


def check_digit(first_seventeen: str) -> str:
    """Compute the 18th character of an ID number. Source: GB 11643-1999, ISO 7064 MOD 11-2."""
    total = sum(int(d) * weight for d, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def read_id_number(cell: Cell) -> Reading:
    """Read an ID number of 18 characters, or of 15 as issued before 1999.

    A number whose check digit is wrong is kept, with a query. One that Excel
    kept as a number has lost its last digits and is not kept.
    """
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        text = plain(cell)
        if len(text) > _EXACT_IN_EXCEL or "e" in text:
            return Reading("", "id_damaged")
    text = unicodedata.normalize("NFKC", plain(cell)).upper().replace("×", "X")
    if re.fullmatch(r"\d\.\d+E\+?\d+", text.strip()):
        return Reading("", "id_damaged")
    text = re.sub(r"[\s\-'‘’`\"]", "", text)
    if re.fullmatch(r"\d{15}", text):
        return Reading(text)
    if not re.fullmatch(r"\d{17}[\dX]", text):
        return Reading(text, "id_length", {"length": len(text)})
    if check_digit(text[:17]) != text[17]:
        return Reading(text, "id_check_digit")
    return Reading(text)


def born_of(id_number: str) -> str | None:
    """Give the month of birth in an ID number as "YYYY-MM"; None where it is no real day."""
    digits = id_number[6:14] if len(id_number) == 18 else "19" + id_number[6:12]
    try:
        born = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return f"{born:%Y-%m}"


def sex_of(id_number: str) -> str:
    """Give 男 or 女 as the ID number says."""
    return "男" if int(id_number[16] if len(id_number) == 18 else id_number[14]) % 2 else "女"


def read_phone(cell: Cell) -> Reading:
    """Read one telephone number or several (joined by 、): mobiles bare, others with the hyphen."""
    shown = plain(cell)
    text = unicodedata.normalize("NFKC", shown)
    parts = re.split(r"[、,;/|\n]+|\s{2,}|\s(?=1\d{10}|0\d{2,3}-)|或", text)
    phones = [phone for part in parts if (phone := _one_phone(part))]
    good = all(re.fullmatch(r"1[3-9]\d{9}|(0\d{2,3}-)?\d{5,8}(转\d+|-\d{1,6})?", p) for p in phones)
    value = "、".join(dict.fromkeys(phones))
    return Reading(value) if good and phones else Reading(value, "bad_phone", {"value": shown})


def _one_phone(text: str) -> str:
    bare = re.sub(r"^[^\d+(（]*", "", text.strip())  # 手机：138…
    if not bare:
        return text.strip()
    text = bare
    text = re.sub(r"^(\+|00)86-?", "", re.sub(r"\s", "", text))
    text = re.sub(r"^\((0\d{2,3})\)-?", r"\1-", re.sub(r"[‐-―−]+", "-", text))
    text = re.sub(r"\([^\d()]*\)$", "", text)
    digits = re.sub(r"^86(?=1[3-9]\d{9}$)", "", text.replace("-", ""))
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        return digits
    if found := re.fullmatch(r"(010|02\d|0[3-9]\d{2})(\d{7,8})", text):
        return f"{found[1]}-{found[2]}"
    return text
