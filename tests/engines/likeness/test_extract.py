"""The text of a file, format by format, and where in the file it stands."""

import io
import struct
import zipfile
from collections import Counter

import pytest

from tanzhao.engines.likeness.extract import (
    LIMITS,
    Limits,
    Unreadable,
    extract_file,
    extract_files,
)
from tanzhao.engines.likeness.extract.programs import as_docx
from tanzhao.engines.likeness.texts import Part
from tests.engines.likeness.hostile_packages import OLD
from tests.engines.likeness.office_files import (
    SENTENCE,
    chinese_pdf,
    docx,
    paragraph,
    part,
    png,
    relations,
    run,
    table,
    zipped,
)

BARE = Limits(programs=False, ocr=False)


@pytest.fixture
def text_of(tmp_path):
    def read(content, limits=BARE):
        path = tmp_path / "file"
        path.write_bytes(content)
        return extract_file(path, limits=limits).text

    return read


def code_of(text_of, content, limits=BARE):
    with pytest.raises(Unreadable) as caught:
        text_of(content, limits)
    return caught.value


def deleted(text):
    return f'<w:del w:id="1"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


def test_a_real_looking_report_is_read_whole(tmp_path):
    from docx import Document

    document = Document()
    document.sections[0].header.paragraphs[0].text = "中共某县教育局党组文件"
    document.sections[0].first_page_footer.paragraphs[0].text = "第 1 页 共 3 页"
    document.add_heading("关于巡察反馈意见整改情况的报告", 0)
    document.add_paragraph("一、工作总体情况")
    document.add_paragraph(SENTENCE).add_run("逐项核对。").bold = True
    ledger = document.add_table(2, 3)
    for n, text in enumerate(["问题", "措施", "", "白条报销", "已追回 3.2 万元", "完成"]):
        ledger.cell(n // 3, n % 3).text = text
    document.save(tmp_path / "报告.docx")

    read = extract_file(tmp_path / "报告.docx")

    lines = [
        "中共某县教育局党组文件",
        "关于巡察反馈意见整改情况的报告",
        "一、工作总体情况",
        f"{SENTENCE}逐项核对。",
        "问题\t措施",
        "白条报销\t已追回 3.2 万元\t完成",
    ]
    assert read.text == "\n".join(lines)
    assert (read.kind, read.how, read.readable) == ("docx", "layer", 1.0)
    assert [
        read.text[at:].startswith(line)
        for (at, _p, _n), line in zip(read.parts, lines, strict=True)
    ] == [True] * 6
    assert [(page, number) for _at, page, number in read.parts] == [(0, n) for n in range(1, 7)]


def test_what_was_deleted_hidden_or_is_no_text_is_left_out(text_of):
    hidden = "<w:rPr><w:vanish/></w:rPr>"
    shown = '<w:rPr><w:vanish w:val="0"/></w:rPr>'
    was_hidden = f"<w:rPr><w:rPrChange>{hidden}</w:rPrChange></w:rPr>"
    body = (
        f"<w:p>{run('甲')}{deleted('乙')}<w:ins>{run('丙')}</w:ins>"
        f"{run('丁', hidden)}{run('戊', shown)}"
        f"<w:moveFrom>{run('己')}</w:moveFrom><w:moveTo>{run('庚')}</w:moveTo>"
        "<w:r><w:instrText>PAGE</w:instrText><w:tab/><w:t>辛</w:t><w:noBreakHyphen/></w:r>"
        f"<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>{run('壬', was_hidden)}</w:p>"
    )

    assert text_of(docx(body)) == "甲丙戊庚\t辛-x壬"


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next(text_of):
    mark = '<w:pPr><w:tabs><w:tab w:val="left"/></w:tabs><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>'

    text = text_of(
        docx(paragraph("甲", mark) + paragraph("乙") + f"<w:p>{deleted('丙')}{run('丁')}</w:p>")
    )

    assert text == "甲乙\n丁"


def test_a_text_box_comes_once_and_after_the_paragraph_that_it_hangs_on(text_of):
    inside = paragraph("框一") + table([paragraph("格")]) + paragraph("框二")
    box = f"<w:txbxContent>{inside}</w:txbxContent>"
    both = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    both = f"<w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r>"

    text = text_of(docx(f"<w:p>{run('前半')}{both}{run('后半')}</w:p>{paragraph('下段')}"))

    assert text == "前半后半\n框一\n格\n框二\n下段"


def test_tables_keep_their_cells_and_a_table_in_a_cell_its_rows(text_of):
    inner = table([paragraph("子一"), paragraph("子二")], [paragraph("子三"), paragraph("")])
    rows = (
        [paragraph("甲一") + paragraph("甲二"), inner + paragraph("乙"), paragraph("")],
        [paragraph("")],
    )

    assert text_of(docx(table(*rows) + paragraph("后"))) == "甲一\n甲二\t子一\t子二\n子三\n乙\n后"


def test_letterhead_comes_once_notes_after_and_page_numbers_not_at_all(text_of):
    head = part("hdr", paragraph("中共某县委"))
    line = f'<w:footnote w:type="separator">{paragraph("线")}</w:footnote>'
    notes = part("footnotes", f"{line}<w:footnote>{paragraph('注一')}</w:footnote>")
    content = docx(
        paragraph("正文"),
        parts=[
            ("word/h1.xml", head),
            ("word/h2.xml", head),
            ("word/n.xml", notes),
            ("word/f1.xml", part("ftr", paragraph("— 12 —"))),
            ("word/f2.xml", part("ftr", paragraph("第 3 页 共 9 页") + paragraph("抄送：县纪委"))),
        ],
        related=[
            ("footer", "f1.xml"),
            ("footer", "/word/f2.xml"),
            ("footnotes", "n.xml"),
            ("header", "h1.xml"),
            ("header", "h2.xml"),
        ],
    )

    assert text_of(content) == "中共某县委\n正文\n注一\n抄送：县纪委"


def test_strict_documents_and_other_prefixes_are_read_too(text_of):
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    body = "<x:body><x:p><x:r><x:t>甲</x:t></x:r></x:p><t>乙</t></x:body>"
    document = f'<x:document xmlns:x="{strict}">{body}</x:document>'
    office = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    content = zipped(
        ("_rels/.rels", relations(("officeDocument", "word/other.xml"), office=office)),
        ("word/other.xml", document),
    )

    assert text_of(content) == "甲"


def test_a_word_document_in_one_xml_file_is_read(text_of):
    old = "http://schemas.microsoft.com/office/word/2003/wordml"
    deletion = (
        "<a:annotation a:type='Word.Deletion'><w:r><w:delText>乙</w:delText></w:r></a:annotation>"
    )
    body = f"<w:p>{run('甲')}{deletion}</w:p>{table([paragraph('格一'), paragraph('格二')])}"
    picture = "<w:binData>AAAA</w:binData>"
    content = (
        f'<?xml version="1.0"?><w:wordDocument xmlns:w="{old}" xmlns:a="urn:a"><w:body>'
        f"{body}<w:p><w:r><w:pict>{picture}</w:pict></w:r></w:p></w:body></w:wordDocument>"
    )

    assert text_of(content.encode()) == "甲\n格一\t格二"
    assert code_of(text_of, content.encode()[:-30]).code == "damaged"
    assert code_of(text_of, b"<?xml version='1.0'?><rows/>").values == {"kind": "xml"}


def test_an_old_word_document_is_read_as_its_new_form_is(text_of):
    assert text_of(OLD).split("\n") == [
        "中共某县委巡察办",
        "关于巡察整改情况的报告",
        "一、整改有力。见附件链接",
        f"{SENTENCE}𠮷",
        "问题\t措施",
        "账外",
        "设账\t已清退 12.5 万元\t完成",
        "有脚注",
        "第一行",
        "第二行",
        "脚注文字",
    ]


def test_pieces_of_an_old_document_are_put_together_in_order_narrow_and_wide():
    from tanzhao.engines.likeness.extract.old_word import whole_text

    stream = bytearray(2048)
    stream[1024:1031] = "Rapport".encode("cp1252")
    stream[1200:1206] = "巡察\r".encode("utf-16-le")
    first = struct.pack("<HIH", 0, 1200, 0)
    second = struct.pack("<HIH", 0, 1024 * 2 | 0x40000000, 0)
    pieces = struct.pack("<3I", 0, 3, 10) + first + second
    properties = b"\1\2\0ab"  # stand before the pieces, and are passed over
    table = properties + b"\2" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", stream, 0x1A2, 0, len(table))

    assert whole_text(bytes(stream), table, Counter()) == "巡察\rRapport"


def test_workbooks_give_the_rows_of_their_visible_sheets(text_of):
    import datetime as dt

    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, ["问题", "", "金额", "日期"])
        sheet.write_row(1, 0, ["白条\n报销", "", 1200, 0.5])
        sheet.write_datetime(
            1, 4, dt.datetime(2026, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"})
        )
        book.add_worksheet("旧").hide()
        book.get_worksheet_by_name("旧").write(0, 0, "看不见")

    assert text_of(made.getvalue()) == "问题\t\t金额\t日期\n白条 报销\t\t1200\t0.5\t2026-03-05"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", f"{SENTENCE}\n第二段"),
        ("utf-8-sig", f"{SENTENCE}\n第二段"),
        ("gb18030", f"{SENTENCE}𠮷龘\n第二段"),
        ("utf-16", f"{SENTENCE}\n第二段"),
        ("utf-16-le", f"{SENTENCE} 12\n第二段"),
        ("utf-16-be", f"{SENTENCE} 12\n第二段"),
    ],
)  # fmt: skip
def test_texts_are_read_in_the_encodings_of_chinese_offices(text_of, encoding, text):
    raw = f"\u3000\u3000{text.replace('\n', '\r\n\r\n')}\u200b\x0b\x00 \r"
    raw = raw if encoding == "utf-16" else raw.replace("\0", "")

    assert text_of(raw.encode(encoding)) == text


def test_a_web_page_that_is_called_a_document_is_read(text_of):
    page = (
        "<html><head><meta charset='gb2312'><style>p{}</style></head>"
        "<body><!-- 注 --><h1>标题</h1>"
        "<p>第一句&nbsp;，\n <b>还有</b><o:p></o:p></p>"
        "<table><tr><td>甲</td><td>乙</td></tr></table>"
        "<script>alert(1)</script></body></html>"
    )

    assert text_of(page.encode("gb18030")).split("\n") == ["标题", "第一句\xa0， 还有", "甲\t乙"]


def test_rich_text_is_read_in_either_way_of_writing_chinese(text_of):
    bytes_of = "".join(f"\\'{byte:02x}" for byte in "中国".encode("gbk"))
    numbers = "".join(f"\\u{ord(sign)}\\'3f" for sign in SENTENCE)
    rich = (
        r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}{\f1\fcharset0 Times;}}"
        r"{\colortbl;\red0;}{\info{\title no}}{\header Letterhead\par}{\footer \f1 - 3 -\par}"
        rf"\f0 {bytes_of}\'81B{{\f1 caf\'e9}}\par {numbers}{{\v no}}{{\deleted no}}"
        r"{\field{\*\fldinst HYPERLINK}{\fldrslt yes}}{\*\footnote note}\par"
        r"\trowd one\cell two\cell\row {\pict\bin4 {{{{}{\*\unknown no}a\~b \{c\}\par}"
    )

    assert text_of(rich.encode("latin-1")).split("\n") == [
        "Letterhead",
        f"中国{bytes([0x81, 0x42]).decode('gb18030')}café",
        f"{SENTENCE}yes",
        "one\ttwo",
        "a\xa0b {c}",
        "note",
    ]


def test_libreoffice_is_asked_for_what_is_not_read_here(text_of):
    made = as_docx(OLD, LIMITS)

    assert text_of(made) == text_of(OLD)


def test_many_files_cost_few_processes_and_come_in_order(tmp_path):
    paths = []
    for n in range(60):
        paths.append(tmp_path / f"{n}.docx")
        paths[-1].write_bytes(docx(paragraph(f"{SENTENCE}之{n}") * (1 + 40 * (n % 3 == 0))))
    asked = []

    def ask():
        for path in paths:
            asked.append(path)
            yield path

    found = extract_files(ask(), workers=2)
    first = next(found)

    assert len(asked) <= 16  # never far ahead of what is given back
    assert [path for path, _read in [first, *found]] == paths
    assert [read.text[-2:].strip("之") for _p, read in extract_files(paths)] == [
        str(n) for n in range(60)
    ]


def test_garbage_is_refused_with_its_share(text_of):
    some = "甲乙" * 30 + "\ue000\ue001" * 40

    assert code_of(text_of, docx(paragraph(some))) == Unreadable("garbage", {"readable": 42})
    assert text_of(docx(paragraph(some)), Limits(least_readable=0.4, ocr=False)) == some


@pytest.mark.parametrize(
    "text",
    [
        "ناھىيەلىك پارتكوم",
        "རྫོང་ཨུ་ཡོན་ལྷན་ཁང་།",
        "ᠬᠣᠰᠢᠭᠤᠨ ᠤ",
        "현당위원회 순시",
        "ꃅꄙꀕ",
        "𠮷野家の縣委",
    ],
)
def test_other_languages_of_china_are_no_garbage(text_of, text):
    assert text_of((f"{text} " * 20).encode()) == f"{text} " * 19 + text


def test_parts_say_where_each_page_and_paragraph_begins(tmp_path):
    whole = SENTENCE[:26]
    page = [
        (90, 700, 16, "一、标题"),
        (122, 660, 16, whole[:24]),
        (90, 630, 16, whole),
        (90, 600, 16, "完。"),
        (280, 60, 14, "— 1 —"),
    ]
    after = [(122, 700, 16, "另起一段"), (280, 60, 14, "— 2 —")]
    (tmp_path / "a.pdf").write_bytes(chinese_pdf(page, after))

    read = extract_file(tmp_path / "a.pdf", limits=BARE)

    assert read.text == f"一、标题\n{whole[:24]}{whole}完。\n另起一段"
    assert read.parts == (Part(0, 1, 1), Part(5, 1, 2), Part(58, 2, 1))


def test_a_scan_without_the_extra_is_refused_with_its_pages(text_of):
    pictures = [(f"word/media/image{n}.png", png(200, 100)) for n in (10, 9)]
    pictures.append(("word/media/logo.emf", b""))

    assert code_of(text_of, png(200, 100)) == Unreadable("needs_ocr", {"pages": "1"})
    assert code_of(text_of, docx(paragraph(" "), parts=pictures)) == Unreadable(
        "needs_ocr", {"pages": "1–2"}
    )
    assert text_of(docx(paragraph("见附图"), parts=pictures)) == "见附图"


def test_a_package_is_what_it_says_it_is_not_what_it_is_called(tmp_path):
    (tmp_path / "a.txt").write_bytes(docx(paragraph("甲")))
    (tmp_path / "a.docx").write_text("乙", "utf-8")

    kinds = {path.name: read.kind for path, read in extract_files(sorted(tmp_path.iterdir()))}

    assert kinds == {"a.txt": "docx", "a.docx": "txt"}
    assert zipfile.is_zipfile(tmp_path / "a.txt")
