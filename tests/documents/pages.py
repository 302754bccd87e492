"""Official papers as LibreOffice prints them, and where each letter stands, in millimetres."""

import ctypes
import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

FONTS = Path(__file__).parent / "fonts.conf"
POINT = 25.4 / 72


@dataclass(frozen=True)
class Letter:
    text: str
    left: float
    right: float
    base: float  # from the top of the page


@dataclass(frozen=True)
class Line:
    letters: tuple[Letter, ...]

    @property
    def text(self) -> str:
        return "".join(letter.text for letter in self.letters)

    @property
    def left(self) -> float:
        return self.letters[0].left

    @property
    def right(self) -> float:
        return max(letter.right for letter in self.letters)

    @property
    def base(self) -> float:
        return self.letters[0].base


def printed(papers: Mapping[str, bytes], folder: Path) -> dict[str, list[list[Line]]]:
    """Print Word files in one go, and give the lines of each page of each, top first."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed (apt-get install libreoffice-writer-nogui)")
    for name, content in papers.items():
        (folder / f"{name}.docx").write_bytes(content)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", folder, *(folder / f"{name}.docx" for name in papers)],
        env={**os.environ, "FONTCONFIG_FILE": str(FONTS)},
        check=True,
        capture_output=True,
        timeout=300,
    )  # fmt: skip
    return {name: _pages(folder / f"{name}.pdf") for name in papers}


def _pages(file: Path) -> list[list[Line]]:
    document = pypdfium2.PdfDocument(file)
    pages = [_lines(page) for page in document]
    document.close()
    return pages


def _lines(page: pypdfium2.PdfPage) -> list[Line]:
    text = page.get_textpage()
    rows: defaultdict[int, list[Letter]] = defaultdict(list)
    for index in range(text.count_chars()):
        letter = text.get_text_range(index, 1)
        if letter.strip():
            left, _bottom, right, _top = text.get_charbox(index, loose=True)
            base = (page.get_height() - _origin(text, index)) * POINT
            rows[round(base)].append(Letter(letter, left * POINT, right * POINT, base))
    lines = [
        tuple(sorted(letters, key=lambda one: one.left)) for _, letters in sorted(rows.items())
    ]
    text.close()
    return [Line(letters) for letters in lines]


def _origin(text: pypdfium2.PdfTextPage, index: int) -> float:
    across, up = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text.raw, index, across, up)
    return up.value
