"""What stands below the body: the note of annexes, the signature, the copy block."""

from docx.oxml.xmlchemy import BaseOxmlElement

from tanzhao.documents.official.paper import Annex, OfficialPaper
from tanzhao.documents.official.styles import CHARACTER, Style
from tanzhao.documents.official.text import blank, kept, paragraph
from tanzhao.documents.official.titles import width_of
from tanzhao.documents.official.words import date_chinese
from tanzhao.documents.official.xml import run

DATE_INDENT = 4  # characters, GB/T 9704-2012, 7.3.5.1
LINE_CHARACTERS = 28
SLACK = 0.5  # characters a long name may be wider than reckoned before it breaks
SEALED_LINES = 2  # blank lines before the signature, room for the seal over it


def annex_note(annexes: tuple[Annex, ...]) -> list[BaseOxmlElement]:
    """Make the 附件说明: one line below the body, numbered if there are several."""
    made = blank() if annexes else []
    for number, annex in enumerate(annexes, start=1):
        mark = f"{number}." if len(annexes) > 1 else ""
        lead = "附件：" if number == 1 else ""
        hanging = round((len(lead) + width_of(mark)) * CHARACTER)
        edge = round((5 + width_of(mark)) * CHARACTER)
        made.append(
            paragraph(
                Style.FLUSH,
                run(lead + mark + annex.name),
                before=kept(),
                left=edge,
                hanging=hanging,
            )
        )
    return made


def signature(paper: OfficialPaper) -> list[BaseOxmlElement]:
    """Make the issuer's name centred over the date, which stands four characters in.

    A name too long for that reaches to the margin, and the date moves under its middle.
    """
    if not paper.signature or not paper.dated:
        return []
    day = date_chinese(paper.dated)
    half_name, half_day = width_of(paper.signature) / 2, width_of(day) / 2
    # Both lines are centred between the same edges, so that they share their middle even where
    # a program spaces the date more widely than is reckoned here.
    middle = max(DATE_INDENT + half_day, half_name)
    slack = SLACK if half_name + SLACK > middle else 0
    left, right = LINE_CHARACTERS - 2 * middle - slack, -slack
    sides = {
        "leftChars": round(left * 100),
        "left": round(left * CHARACTER),
        "rightChars": round(right * 100),
        "right": round(right * CHARACTER),
    }
    return [
        *blank(SEALED_LINES, is_kept=True),
        paragraph(Style.SIGNATURE, run(paper.signature), before=kept(), **sides),
        paragraph(Style.SIGNATURE, run(day), before=(), **sides),
    ]
