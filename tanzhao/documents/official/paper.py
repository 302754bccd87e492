"""What an official paper is made of: plain values, no layout."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

TEXT_WIDTH = 156  # millimetres between the margins, upright
LANDSCAPE_WIDTH = 225

Align = Literal["left", "center", "right", "both"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered heading of level 1 to 4. The renderer counts; `text` has no number.

    `following` runs on in the same paragraph, as papers do below level 2.
    """

    level: int
    text: str
    following: str = ""

    def __post_init__(self) -> None:
        if self.level not in {1, 2, 3, 4}:
            raise ValueError(f"level={self.level}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text of the body. Each line of `text` becomes a paragraph of its own."""

    text: str
    is_indented: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its heading, width in millimetres, and how its cells stand."""

    heading: str
    width: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings that come again on each page. Only very long rows are split."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{len(row)} cells under {len(self.columns)} headings: {row[:1]}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a form. `span` counts columns of the form, `least_height` is in millimetres."""

    text: str
    span: int = 1
    is_label: bool = False
    align: Align | None = None
    least_height: float = 9
    closing: str = ""
    """Lines set to the right at the foot of the cell, as signatures are."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form to be read cell by cell. Widths are in millimetres; long cells run over pages."""

    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if sum(cell.span for cell in row) != len(self.widths):
                raise ValueError(f"cells do not fill the row: {row[0].text}")


@dataclass(frozen=True, slots=True)
class Line:
    """A line in small type with something at each end: a form's number and its secrecy."""

    left: str
    right: str = ""


Block = Heading | Paragraph | Table | Form | Line


@dataclass(frozen=True, slots=True)
class Annex:
    """An 附件: named in the note under the body; printed from a new page if it has blocks."""

    title: str | tuple[str, ...]
    blocks: tuple[Block, ...] = ()
    is_landscape: bool = False

    @property
    def name(self) -> str:
        """The title in one piece."""
        return joined(self.title)


@dataclass(frozen=True, slots=True)
class OfficialPaper:
    """One paper by GB/T 9704-2012. Whatever is left empty is left out of the page.

    `issuer` is the whole red head (发文机关标志), 文件 included if wanted. A `title` in several
    parts is broken between them rather than inside. `is_landscape` turns the body, for lists.
    """

    title: str | tuple[str, ...]
    body: tuple[Block, ...]
    issuer: str = ""
    number: str = ""
    signer: str = ""
    secrecy: str = ""
    urgency: str = ""
    addressee: str = ""
    annexes: tuple[Annex, ...] = ()
    signature: str = ""
    dated: date | None = None
    copy_to: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: date | None = None
    is_landscape: bool = False

    @property
    def name(self) -> str:
        """The title in one piece, fit for a file name."""
        return joined(self.title)


def joined(title: str | tuple[str, ...]) -> str:
    """Put the parts of a title together."""
    return title if isinstance(title, str) else "".join(title)
