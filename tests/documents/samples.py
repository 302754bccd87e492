"""Small real files of each kind, as bytes."""

import io
import time
import zipfile

import docx
import xlsxwriter
from PIL import Image


def image(kind: str = "PNG", shade: int = 0) -> bytes:
    """Make a small picture; with kind "PDF", a PDF of one page that shows it."""
    file = io.BytesIO()
    # A PDF bears the moment it was made; the same sample must always have the same bytes.
    days = {"creationDate": time.gmtime(0), "modDate": time.gmtime(0)} if kind == "PDF" else {}
    Image.new("RGB", (40, 30), (shade, 90, 40)).save(file, format=kind, **days)
    return file.getvalue()


def pdf(number: int = 0) -> bytes:
    """Make a PDF of one page; another one for each number below 5."""
    return image("PDF", 60 * number)


def word(text: str = "会议纪要") -> bytes:
    file = io.BytesIO()
    paper = docx.Document()
    paper.add_paragraph(text)
    paper.save(file)
    return file.getvalue()


def workbook(text: str = "金额") -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.add_worksheet().write(0, 0, text)
    book.close()
    return file.getvalue()


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, content in (parts or {"a.txt": b"a"}).items():
            package.writestr(name, content)
    return file.getvalue()


def with_part(package: bytes, name: str, content: bytes) -> bytes:
    """Put one more part into a .docx or .xlsx."""
    file = io.BytesIO(package)
    with zipfile.ZipFile(file, "a") as opened:
        opened.writestr(name, content)
    return file.getvalue()
