"""WordprocessingML by hand, where python-docx has no word for it."""

import re
from typing import cast

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

# What XML 1.0 cannot carry; a stray one from a pasted text would make Word refuse the file.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
TWIPS_A_POINT = 20
TWIPS_A_MILLIMETRE = 1440 / 25.4


def node(tag: str, *children: BaseOxmlElement, **attributes: str | int) -> BaseOxmlElement:
    """Make `w:tag` with the children in their order and `w:` attributes."""
    made = cast(BaseOxmlElement, OxmlElement(f"w:{tag}"))
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


def clean(text: str) -> str:
    """Drop the characters that XML cannot carry."""
    return FORBIDDEN.sub("", text)


def run(text: str, *properties: BaseOxmlElement, font: str = "") -> BaseOxmlElement:
    """Make a run whose doubtful characters (quotes, dashes) are set as Chinese ones."""
    fonts = node("rFonts", hint="eastAsia")
    if font:
        fonts.set(qn("w:eastAsia"), font)
    look = node("rPr", fonts, *properties)
    made = node("r", look)
    for place, piece in enumerate(clean(text).split("\t")):
        if place:
            made.append(node("tab"))
        written = node("t")
        written.text = piece
        written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        made.append(written)
    return made


def field(instruction: str) -> list[BaseOxmlElement]:
    """Make the runs of a field that Word fills in, such as PAGE."""
    order = run("")
    order.remove(order[-1])
    text = node("instrText")
    text.text = f" {instruction} "
    order.append(text)
    runs = [run("") for _ in range(2)]
    for made, kind in zip(runs, ("begin", "end"), strict=True):
        made.remove(made[-1])
        made.append(node("fldChar", fldCharType=kind))
    return [runs[0], order, runs[1]]


def twips(millimetres: float) -> int:
    """Turn millimetres into twentieths of a point."""
    return round(millimetres * TWIPS_A_MILLIMETRE)
