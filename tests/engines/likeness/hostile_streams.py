"""PDFs, pictures, pages and texts that came from outside, each with the codes right for it."""

import gzip
import io
import random
import struct
import tarfile
import zlib

from tests.engines.likeness.office_files import SENTENCE, chinese_pdf, pdf, png

PAGE = [(90, 700 - 30 * n, 16, SENTENCE) for n in range(3)]
TRADITIONAL = (
    "縣委第三巡察組反饋意見後，我局黨組立即召開會議，研究部署整改工作，明確責任和時限。" * 9
)
GOOD = chinese_pdf(PAGE, PAGE)
CHINESE = (SENTENCE + "请各单位对照检查，限期完成，并将结果书面报告县委巡察办。") * 20


def streams():
    """Give name → (content, codes)."""
    return _pdfs() | _pictures() | _texts() | _pages() | _others()


def _pdfs():
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    catalog = b"<</Type/Catalog/Pages 2 0 R>>"
    one = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    flate = zlib.compress(b" " * (64 << 20), 9)
    locked = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>/ID[<00><00>]" % (
        b"11" * 32,
        b"22" * 32,
    )
    form = (b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>", b"/X Do")
    ends = "no_text damaged"
    made = {
        "good.pdf": (GOOD, "read"),
        "no-xref.pdf": (pdf(catalog, one, page, (b"", b""), xref=False), ends),
        "wrong-xref.pdf": (GOOD.replace(b"startxref\n", b"startxref\n9"), "read damaged"),
        "end-only.pdf": (b"%PDF-1.7\n%%EOF", "damaged"),
        "head-only.pdf": (b"%PDF-1.7\n", "damaged"),
        "linearized-cut.pdf": (
            GOOD.replace(b"\n", b"\n1 0 obj<</Linearized 1/L 9999999>>\n", 1),
            "damaged",
        ),
        "tree-in-a-circle.pdf": (
            pdf(catalog, b"<</Type/Pages/Count 9/Kids[2 0 R 3 0 R 2 0 R]>>", page, (b"", b"")),
            ends,
        ),
        "tree-of-itself.pdf": (pdf(catalog, b"<</Type/Pages/Count 5/Kids[2 0 R]>>"), ends),
        "root-in-a-circle.pdf": (pdf(b"1 0 R"), "damaged"),
        "no-pages.pdf": (pdf(catalog, b"<</Type/Pages/Count 0/Kids[]>>"), ends),
        "many-pages.pdf": (
            pdf(catalog, b"<</Type/Pages/Count 100000/Kids[%s]>>" % (b"3 0 R " * 100_000), page),
            "too_many_pages",
        ),
        "lying-count.pdf": (
            pdf(catalog, b"<</Type/Pages/Count 2147483647/Kids[3 0 R]>>", page, (b"", b"")),
            "too_many_pages damaged no_text",
        ),
        "locked.pdf": (pdf(catalog, one, page, (b"", b""), more=locked), "encrypted"),
        "bomb.pdf": (
            pdf(catalog, one, page, (b"/Filter/FlateDecode", flate)),
            "no_text too_hungry crashed too_slow damaged",
        ),
        "bomb-in-a-bomb.pdf": (
            pdf(
                catalog, one, page, (b"/Filter[/FlateDecode/FlateDecode]", zlib.compress(flate, 9))
            ),
            "no_text too_hungry crashed too_slow damaged",
        ),
        "nested.pdf": (pdf(catalog, one, b"[" * 200_000), ends),
        "nested-stream.pdf": (pdf(catalog, one, page, (b"", b"q " * 500_000)), "no_text too_slow"),
        "form-of-itself.pdf": (
            pdf(
                catalog,
                one,
                page[:-2] + b"/Resources<</XObject<</X 5 0 R>>>>>>",
                (b"", b"/X Do"),
                form,
            ),
            ends,
        ),
        "negative-box.pdf": (
            pdf(catalog, one, page.replace(b"595 842", b"-1e30 nan"), (b"", b"")),
            ends,
        ),
        "javascript.pdf": (
            GOOD.replace(
                b"/Type/Catalog",
                b"/Type/Catalog/OpenAction<</S/JavaScript/JS(while(1){})>>",
            ),
            "read damaged",
        ),
        "pixels.pdf": (scan(200_000, 200_000), "needs_ocr"),
        "shapes.pdf": (pdf(catalog, one, page, (b"", b"0 0 9 9 re f\n" * 20_000)), "needs_ocr"),
        "garbled.pdf": (chinese_pdf([(90, 700, 16, "\ue123\ue456" * 30)]), "needs_ocr garbage"),
    }
    return made | {f"cut-{n}.pdf": (GOOD[: len(GOOD) * n // 10], "damaged") for n in range(1, 10)}


def scan(width, height, pixels=b"\x00"):
    """Give a PDF of one picture that covers its page."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R"
        b"/Resources<</XObject<</P 5 0 R>>>>>>" % (width, height),
        (b"", b"%d 0 0 %d 0 0 cm /P Do" % (width, height)),
        (
            b"/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray",
            pixels,
        ),
    )


def _pictures():
    return {
        "bomb.png": (png(60_000, 60_000, whole=False), "needs_ocr"),
        "cut.jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "needs_ocr"),
        "circle.tif": (b"II*\0" + struct.pack("<IHI", 8, 0, 8), "needs_ocr"),
        "moving.gif": (b"GIF89a" + bytes(20), "not_a_document"),
        "windows.bmp": (b"BM" + bytes(60), "not_a_document"),
        "photo.webp": (b"RIFF\0\0\0\0WEBPVP8 ", "not_a_document"),
        "talk.mp4": (b"\0\0\0\x20ftypisom" + bytes(30), "not_a_document"),
    }


def _texts():
    noise = random.Random(3)
    chinese = CHINESE.encode()
    return {
        "utf-8.txt": (chinese, "read"),
        "gb18030.txt": ((CHINESE + "𠮷龘").encode("gb18030"), "read"),
        "utf-16.txt": (CHINESE.encode("utf-16"), "read"),
        "utf-16-without-mark.txt": (
            ("一\n" + CHINESE + "\n12 345\n\0").encode("utf-16-le"),
            "read",
        ),
        "big-5.txt": (TRADITIONAL.encode("big5"), "garbage"),
        "traditional.txt": (TRADITIONAL.encode(), "read"),
        "shift-jis.txt": (
            ("巡察の結果を報告します。カタカナ" * 40).encode("shift-jis"),
            "garbage encoding",
        ),
        "euc-kr.txt": (("감사 결과를 보고합니다 " * 60).encode("euc-kr"), "garbage"),
        "twice.txt": (chinese.decode("gbk", "replace").encode(), "garbage"),
        "question-marks.txt": (("甲\ufffd\ufffd" * 90).encode(), "garbage"),
        "surrogates.txt": (b"\xed\xa0\x80\xed\xb0\x80" * 400, "garbage encoding"),
        "surrogates-16.txt": (b"\xff\xfe" + b"\x00\xd8" * 400, "encoding"),
        "cut-in-a-letter.txt": (chinese[:-1], "read"),
        "noise.bin": (noise.randbytes(200_000), "unknown encoding garbage"),
        "zeros.bin": (bytes(100_000), "unknown"),
        "controls.txt": (b"\x01\x02\x03" * 100, "unknown"),
        "one-line.txt": ("甲".encode() * 900_000, "too_long"),
        "line-ends.txt": (b"\r\n" * 900_000 + chinese, "read"),
        "right-to-left.txt": (("\u202e" + CHINESE + "\u202c\ufeff\u200b").encode(), "read"),
        "empty.txt": (b"", "empty"),
        "blank.txt": (b" \n\t\n", "no_text"),
        "mark-only.txt": (b"\xef\xbb\xbf", "no_text"),
    }


def _pages():
    chinese = CHINESE.encode()
    old = b"<x xmlns='http://schemas.microsoft.com/office/word/2003/wordml'>&c;</x>"
    parts = b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 20_000
    return {
        "page.doc": (
            b"<html><head><meta charset=gb2312><title>t</title></head><body><p>"
            + CHINESE.encode("gb18030"),
            "read",
        ),
        "nested.html": (b"<html>" + b"<div>" * 300_000 + chinese, "read"),
        "script.html": (b"<html><script>" + chinese, "no_text"),
        "entities.html": (
            b"<html>" + b"&#xD800;&#0;&#99999999999;&amp" * 1000 + chinese,
            "read garbage",
        ),
        "comment.html": (b"<html><!--" + b"<!--" * 100_000, "no_text"),
        "attributes.html": (b"<html><p " + chinese + b"a='" * 100_000, "no_text read garbage"),
        "archive.mht": (
            b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
            b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>" + chinese + b"\r\n--b--",
            "read",
        ),
        "nested.mht": (
            b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + parts,
            "no_text damaged too_slow",
        ),
        "laughs.doc": (
            b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]>" + old,
            "entities",
        ),
        "data.xml": (b"<?xml version='1.0'?><x/>", "not_a_document"),
        "rich.doc": (b"{\\rtf1\\ansi " + b"{" * 100_000, "nested"),
        "rich-cut.doc": (b"{\\rtf1\\ansi \\u24052\\'3f", "damaged"),
        "rich-bin.doc": (b"{\\rtf1\\bin999999999 }", "damaged"),
        "rich-braces.doc": (b"{\\rtf1 }}}}", "no_text"),
        "rich-page.doc": (b"{\\rtf1\\ansicpg7\\u24033?\\u23519?\\'ff}", "read garbage"),
    }


def _others():
    folder = io.BytesIO()
    with tarfile.open(fileobj=folder, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("/etc/passwd"))
    return {
        "program.docx": (b"MZ" + bytes(300), "program"),
        "program.pdf": (b"\x7fELF" + bytes(300), "program"),
        "script.doc": (b"#!/bin/sh\nrm -rf /\n", "program"),
        "folder.rar": (b"Rar!\x1a\7\1\0", "archive"),
        "folder.tar": (folder.getvalue(), "archive"),
        "bomb.gz": (gzip.compress(bytes(10 << 20)), "archive"),
        "large.txt": (b"a" * ((8 << 20) + 1), "too_large"),
    }
