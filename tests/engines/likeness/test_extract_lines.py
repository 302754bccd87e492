"""Lines of pages become paragraphs: in PDFs, and in scans that OCR reads."""

from pathlib import Path

import pytest

from tanzhao.engines.likeness.extract import Limits, Unreadable, extract_file, extract_files
from tanzhao.engines.likeness.texts import Part
from tests.engines.likeness.hostile_streams import scan
from tests.engines.likeness.office_files import chinese_pdf, docx, pdf, png

BARE = Limits(programs=False, ocr=False)
SCAN = Path(__file__).parent / "files/scan.png"
# 24 letters of 16 points fill a line from 90 to 474.
FULL = "县委第三巡察组反馈意见后局党组立即召开会议研究部"
AGAIN = "各责任单位对照清单逐项整改到位并举一反三建立健全"


@pytest.fixture
def read(tmp_path):
    def reading(*pages, **values):
        path = tmp_path / "a.pdf"
        path.write_bytes(chinese_pdf(*pages, **values))
        return extract_file(path, limits=BARE)

    return reading


def body(*lines, top=700, size=16):
    """Give lines one below the other; two blanks at the beginning set a line in."""
    return [
        (90 + 2 * size * line.startswith("  "), top - 28 * n, size, line.strip())
        for n, line in enumerate(lines)
    ]


def test_a_paragraph_ends_where_a_line_stops_short_or_the_next_is_set_in(read):
    text = read(body("  " + FULL[:22], FULL, "署工作。", "  " + AGAIN[:22], "  " + FULL[:22])).text

    assert text == f"{FULL[:22]}{FULL}署工作。\n{AGAIN[:22]}\n{FULL[:22]}"


def test_a_paragraph_without_indent_ends_where_lines_are_further_apart(read):
    lines = [*body(FULL, AGAIN), *body(FULL, AGAIN, top=700 - 28 * 3)]

    assert read(lines).text == f"{FULL}{AGAIN}\n{FULL}{AGAIN}"


def test_a_line_stops_short_where_the_next_word_did_not_fit(read):
    lines = body(f"{FULL[:21]}已", "202.85%以上。", FULL)

    assert read(lines).text == f"{FULL[:21]}已202.85%以上。\n{FULL}"


def test_a_title_over_two_lines_is_one_and_a_heading_is_its_own(read):
    title = [(138, 760, 24, "关于对照反馈意见开展整"), (210, 720, 24, "改情况的报告")]

    text = read(title + body(FULL, "一、" + AGAIN[2:], AGAIN[:6], top=650)).text

    assert text == f"关于对照反馈意见开展整改情况的报告\n{FULL}\n一、{AGAIN[2:]}{AGAIN[:6]}"


def test_a_sentence_goes_on_over_the_page_and_both_pages_are_parts(read):
    pages = [
        [*body(FULL, AGAIN), (280, 60, 14, "— 1 —"), (90, 800, 12, "某县整改材料")],
        [*body(AGAIN, "完。"), (280, 60, 14, "— 2 —"), (90, 800, 12, "某县整改材料")],
    ]

    found = read(*pages)

    assert found.text == f"{FULL}{AGAIN}{AGAIN}完。"
    assert found.parts == (Part(0, 1, 1), Part(48, 2, 1))


def test_what_runs_along_pages_is_left_out_and_what_differs_stays(read):
    pages = [
        [(90, 800, 12, f"第{n}期 工作简报"), *body(FULL, f"第{n}页里的话。"), (90, 60, 12, str(n))]
        for n in range(1, 5)
    ]

    text = read(*pages).text

    assert text == "\n".join(f"{FULL}第{n}页里的话。" for n in range(1, 5))


def test_numbers_at_the_foot_of_a_table_are_no_page_numbers(read):
    assert read([*body(FULL), (90, 60, 16, "1200")]).text == f"{FULL}\n1200"


@pytest.mark.parametrize("turned", [90, 180, 270])
@pytest.mark.parametrize("says_so", [True, False])
def test_a_page_that_is_turned_is_read_all_the_same(tmp_path, turned, says_so):
    straight = body(FULL, AGAIN, "完。")
    content = chinese_pdf(straight, turned=turned if says_so else 0)
    # Drawn so that it stands upright once the page is turned.
    matrix = {90: b"0 1 -1 0 595 0", 180: b"-1 0 0 -1 595 842", 270: b"0 -1 1 0 0 842"}[turned]
    assert b"BT /F" in content
    path = tmp_path / "a.pdf"
    path.write_bytes(_redrawn(content, matrix))

    found = extract_file(path, limits=BARE)

    assert found.text == f"{FULL}{AGAIN}完。"


def _redrawn(content, matrix):
    """Put a matrix before what is drawn; the places of objects are found anew by the reader."""
    begin = content.index(b"stream\n") + 7
    end = content.index(b"\nendstream")
    drawn = matrix + b" cm\n" + content[begin:end]
    old = b"/Length %d>>" % (end - begin)
    made = content[:begin] + drawn + content[end:]
    return made.replace(old, b"/Length %d>>" % len(drawn))


def test_lines_that_were_drawn_last_stand_where_they_are_seen(read):
    first, second, third = body("甲段。", "乙段。", "丙段。")

    assert read([third, first, second]).text == "甲段。\n乙段。\n丙段。"


def test_columns_are_read_as_the_file_has_them(read):
    left = [(90, 700 - 28 * n, 16, f"左{n}。") for n in range(3)]
    right = [(330, 690 - 28 * n, 16, f"右{n}。") for n in range(3)]

    assert read(left + right).text == "左0。\n左1。\n左2。\n右0。\n右1。\n右2。"


def test_cells_of_a_row_are_parted_and_signs_drawn_late_put_in_their_place(read):
    cells = [(90, 700, 16, "问题"), (250, 700, 16, "措施"), (410, 700, 16, "时限")]
    quoted = [(90, 640, 16, "规定："), (154, 640, 16, "应当公开"), (138, 640, 16, "“")]

    assert read(cells + quoted).text == "问题\t措施\t时限\n规定：“应当公开"


def test_western_words_keep_their_blanks_and_broken_ones_are_mended(tmp_path):
    drawn = (
        b"BT /F 12 Tf 90 700 Td 14 TL (The inspection office of the county asked for the) Tj T* "
    )
    drawn += b"(whole report in writing, as the law requires of eve-) Tj T* (rybody.) Tj ET"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
    content = pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        page + b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Courier>>>>>>>>",
        (b"", drawn),
    )
    (tmp_path / "a.pdf").write_bytes(content)

    assert extract_file(tmp_path / "a.pdf", limits=BARE).text == (
        "The inspection office of the county asked for the "
        "whole report in writing, as the law requires of everybody."
    )


def test_a_stamp_of_the_scanners_maker_is_no_text(tmp_path):
    (tmp_path / "a.pdf").write_bytes(scan(595, 842))
    (tmp_path / "b.pdf").write_bytes(chinese_pdf(body(FULL, AGAIN, FULL), []))

    found = dict(extract_files([tmp_path / "a.pdf", tmp_path / "b.pdf"], limits=BARE))

    assert found[tmp_path / "a.pdf"] == Unreadable("needs_ocr", {"pages": "1"})
    assert found[tmp_path / "b.pdf"].text.startswith(FULL)


def test_a_page_of_any_size_is_drawn_within_bounds():
    import pypdfium2

    from tanzhao.engines.likeness.extract.pdf import rendered
    from tanzhao.engines.likeness.extract.scans import MOST_POINTS

    drawn = []
    for width, height in ((595, 842), (200_000, 200_000), (14_400, 1)):
        document = pypdfium2.PdfDocument(scan(width, height))
        drawn.append(rendered(document, 0).shape[:2])
        document.close()

    assert drawn[0] == (2339, 1653)
    assert max(height * width for height, width in drawn) <= MOST_POINTS * 1.01


# One test, because the models are loaded for it.
def test_a_scan_is_read_where_the_extra_is_installed_and_a_bomb_costs_a_sentence(tmp_path):
    from PIL import Image

    with Image.open(SCAN) as picture:
        picture.convert("L").save(tmp_path / "b.pdf", "PDF", resolution=110)
    blank = ("word/media/image1.png", png(90, 90))
    (tmp_path / "b.docx").write_bytes(
        docx("<w:p/>", parts=[("word/media/image2.png", SCAN.read_bytes()), blank])
    )
    (tmp_path / "c.png").write_bytes(png(60_000, 60_000, whole=False))

    scans = [read for _path, read in extract_files(sorted(tmp_path.iterdir()))]

    said = ["南河县小坪镇关于河湖管护巡察反馈", "一、整改工作总体情况"]
    body = "坚持举一反三、标本兼治，以点带面达到整改一个问题、完善一套制度的效"

    lines = [read.text.split("\n") for read in scans[:2]]
    assert [one[1:3] for one in lines] == [said] * 2
    assert all(one[3].startswith(body) for one in lines)
    assert [(read.how, read.kind) for read in scans[:2]] == [
        ("ocr", "docx"),
        ("ocr", "pdf"),
    ]
    assert [read.parts[0] for read in scans[:2]] == [Part(0, 2, 1), Part(0, 1, 1)]
    assert scans[2] == Unreadable("picture_too_large", {"most": 64})


def column(left, *lines, top=700):
    """Give lines of 12 letters in a column: it ends 144 points right of where it begins."""
    return [
        (left + 24 * line.startswith("  "), top - 18 * n, 12, line.strip())
        for n, line in enumerate(lines)
    ]


def test_two_columns_are_read_one_after_the_other_and_a_paragraph_goes_over_the_gutter(read):
    paragraph = ["  " + FULL[:10], FULL[10:22], FULL[2:14], "整改到位。"]
    cut = ["  " + AGAIN[:10], AGAIN[10:22], AGAIN[2:14], AGAIN[4:16], "逐项销号。"]
    title = [(60, 760, 12, "关于巡察整改情况的报告，分两栏排印，供各单位对照检查时参考使用")]
    left = [*paragraph, *paragraph, *cut[:2]]
    right = [*cut[2:], *paragraph, *paragraph]
    whole = f"{FULL[:22]}{FULL[2:14]}整改到位。"
    broken = f"{AGAIN[:22]}{AGAIN[2:14]}{AGAIN[4:16]}逐项销号。"

    found = read(title + column(60, *left) + column(330, *right), column(60, "后记"))

    assert found.text.split("\n")[1:] == [whole, whole, broken, whole, whole, "后记"]
    assert [part.paragraph for part in found.parts if part.page == 1] == [1, 2, 3, 4, 5, 6]


def test_a_right_column_that_is_but_begun_makes_a_page_of_columns_all_the_same(read):
    paragraph = ["  " + FULL[:10], FULL[10:22], FULL[2:14], "整改到位。"]
    whole = f"{FULL[:22]}{FULL[2:14]}整改到位。"
    left = [*(paragraph * 5), "  " + FULL[:10], FULL[10:22]]

    found = read(column(60, *left) + column(330, *paragraph[2:], *paragraph))

    assert found.text.split("\n") == [whole] * 7


def test_cells_of_several_lines_stay_in_their_rows(read):
    def cell(left, top, *lines):
        return [(left, top - 20 * n, 12, line) for n, line in enumerate(lines)]

    head = [(60, 760, 12, "序号"), (110, 760, 12, "存在问题"), (300, 760, 12, "整改措施")]
    # Set at the top of its row; then in its middle, as ledgers have it.
    first = [*cell(60, 730, "1"), *cell(110, 730, FULL[:12], FULL[12:24], "整改工作。"),
             *cell(300, 730, AGAIN[:12], "逐项核对。", "限期办结。")]  # fmt: skip
    second = [*cell(60, 640, "2"), *cell(110, 660, FULL[:12], "会议研究。", "按时整改。"),
              *cell(300, 650, AGAIN[:12], AGAIN[12:24])]  # fmt: skip

    assert read(head + first + second).text.split("\n") == [
        "序号\t存在问题\t整改措施",
        f"1\t{FULL}整改工作。\t{AGAIN[:12]}逐项核对。",
        "限期办结。",
        f"2\t{FULL[:12]}会议研究。",
        f"按时整改。\t{AGAIN}",
    ]


def test_what_stands_at_the_head_of_wide_and_high_pages_runs_along(tmp_path):
    high = [(90, 800, 12, "整改工作专报"), *body(FULL, "完。")]
    wide = [(90, 553, 12, "整改工作专报"), *body(AGAIN, "完。", top=400)]
    content = chinese_pdf(high, high, wide)
    at = content.rindex(b"/MediaBox[0 0 595 842]")
    turned = content[:at] + b"/MediaBox[0 0 842 595]" + content[at + 22 :]
    (tmp_path / "a.pdf").write_bytes(turned)

    assert (
        extract_file(tmp_path / "a.pdf", limits=BARE).text == f"{FULL}完。\n" * 2 + f"{AGAIN}完。"
    )


def test_a_table_whose_rows_the_file_has_one_by_one_is_no_page_of_columns(read):
    rows = [
        cell
        for n in range(12)
        for cell in (*column(60, FULL[:12], top=700 - 20 * n),
                     *column(330, AGAIN[:12], top=700 - 20 * n))
    ]  # fmt: skip

    assert FULL[:12] * 2 not in read(rows).text


def test_a_date_in_two_fonts_that_pdfium_takes_for_lines_is_one():
    from tanzhao.engines.likeness.extract.lines import Line
    from tanzhao.engines.likeness.extract.pdf import _rejoined

    # As pdfium gives the last line of a letter that LibreOffice has printed.
    found = _rejoined(
        [
            Line("2026", 79.5, 107.5, 192.5, 11.0),
            Line("年", 109.7, 120.2, 192.5, 10.5),
            Line("9", 122.3, 129.3, 192.5, 11.0),
            Line("月10", 131.5, 158.1, 192.5, 10.5),
            Line("日", 160.3, 170.8, 192.5, 10.5),
            Line("另一栏", 190.0, 220.0, 192.5, 10.5),
            Line("下一行", 222.0, 250.0, 207.6, 10.5),
        ]
    )

    assert [line.text for line in found] == ["2026年9月10日", "另一栏", "下一行"]
    assert (found[0].left, found[0].right) == (79.5, 170.8)
