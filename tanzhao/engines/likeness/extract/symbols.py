"""Signs that Word keeps as places in a font of pictures: ticked boxes, bullets, signs of formulas.

Source: the code charts of Wingdings, Wingdings 2 and Symbol.
"""

_PRIVATE = range(0xE000, 0xF900)
_FONTS = {
    "wingdings": {
        0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "□", 0x75: "◆", 0x9F: "•", 0xA1: "○", 0xA7: "▪",
        0xA8: "□", 0xD8: "➢", 0xE8: "→", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    },
    "wingdings 2": {
        0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0xA3: "□",
    },
    "symbol": {
        0xA3: "≤", 0xA5: "∞", 0xAE: "→", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•",
        0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xD6: "√", 0xE5: "∑",
    },
}  # fmt: skip


def symbol(font: str, code: str) -> str:
    """Give the sign at a place, in hexadecimal, of a font; "" if nobody reads it as one."""
    try:
        place = int(code, 16)
    except ValueError:
        return ""
    if 0xFF < place < 0x1_0000 and place not in _PRIVATE:
        return "" if 0xD800 <= place < 0xE000 else chr(place)
    return _FONTS.get(font.casefold(), {}).get(place & 0xFF, "")
