"""Numbers that Word sets before paragraphs by itself are read as a person reads them."""

import time

import pytest

from tanzhao.engines.likeness.extract.limits import LIMITS
from tanzhao.engines.likeness.extract.numbering import with_number
from tanzhao.engines.likeness.extract.numerals import numeral
from tanzhao.engines.likeness.extract.packages import Package
from tanzhao.engines.likeness.extract.word import paragraphs_of, paragraphs_of_xml
from tests.engines.likeness.office_files import NAMESPACES, W, docx, paragraph, part, run, table


def level(number, kind, text, *, more="", start=1):
    inner = f'<w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>{more}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{number}">{inner}</w:lvl>'


def plan(number, *levels):
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def one(number, plan_, more=""):
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{plan_}"/>{more}</w:num>'


OUTLINE = plan(
    7,
    level(0, "chineseCountingThousand", "%1、"),
    level(1, "chineseCountingThousand", "（%2）"),
    level(2, "decimal", "%3."),
)


def item(text, number, at=0, more=""):
    place = f'<w:ilvl w:val="{at}"/>' if at is not None else ""
    numbered = f'<w:numPr>{place}<w:numId w:val="{number}"/></w:numPr>'
    return paragraph(text, f"<w:pPr>{numbered}{more}</w:pPr>")


def lines(body, numbering, styles="", **values):
    parts = [("word/numbering.xml", f"<w:numbering {NAMESPACES}>{numbering}</w:numbering>")]
    related = [("numbering", "numbering.xml")]
    if styles:
        parts.append(("word/styles.xml", f'<w:styles xmlns:w="{W}">{styles}</w:styles>'))
        related.append(("styles", "styles.xml"))
    content = docx(body, parts=[*parts, *values.get("parts", ())],
                   related=[*related, *values.get("related", ())])  # fmt: skip
    return list(paragraphs_of(Package(content, kind="docx"), LIMITS))


def test_headings_are_numbered_as_a_reader_sees_them():
    body = [
        item("总体情况", 1), item("认识", 1, 1), item("组织", 1, 1), item("问题", 1),
        item("方面", 1, 1), item("甲", 1, 2), item("乙", 1, 2), item("方面", 1, 1),
        item("丙", 1, 2), paragraph("正文"), item("打算", 1),
    ]  # fmt: skip

    assert lines("".join(body), OUTLINE + one(1, 7)) == [
        "一、总体情况", "（一）认识", "（二）组织", "二、问题", "（一）方面", "1.甲", "2.乙",
        "（二）方面", "1.丙", "正文", "三、打算",
    ]  # fmt: skip


def test_numbered_by_word_or_by_hand_a_report_has_the_same_text():
    texts = [("总体情况", 0), ("提高认识", 1), ("组织领导", 1), ("整改问题", 0), ("学习不够", 1)]
    numbers = ["一、", "（一）", "（二）", "二、", "（一）"]
    by_word = "".join(item(text, 1, at) for text, at in texts)
    by_hand = [number + text for number, (text, _at) in zip(numbers, texts, strict=True)]

    assert lines(by_word, OUTLINE + one(1, 7)) == by_hand
    assert lines("".join(map(paragraph, by_hand)), "") == by_hand


def test_lists_of_one_plan_go_on_unless_one_begins_anew():
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    other = f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "%1)")}</w:lvlOverride>'
    numbering = OUTLINE + one(1, 7) + one(2, 7) + one(3, 7, anew) + one(4, 7, other)
    body = item("甲", 1) + item("乙", 2) + item("丙", 3) + item("丁", 3) + item("戊", 1)
    body += item("己", 4)

    assert lines(body, numbering) == ["一、甲", "二、乙", "一、丙", "二、丁", "三、戊", "IV)己"]


def test_a_number_may_hold_those_above_it_and_a_level_may_never_begin_anew():
    tree = plan(
        1,
        level(0, "chineseCounting", "第%1章"),
        level(1, "decimal", "%1.%2", more="<w:isLgl/>"),
        level(2, "chineseCounting", "第%3条", more='<w:lvlRestart w:val="0"/>'),
    )
    body = item("总则", 1) + item("范围", 1, 1) + item("甲", 1, 2) + item("附则", 1)
    body += item("乙", 1, 2) + item("丙", 1, 1)

    assert lines(body, tree + one(1, 1)) == [
        "第一章 总则", "1.1 范围", "第一条 甲", "第二章 附则", "第二条 乙", "2.1 丙",
    ]  # fmt: skip


def test_styles_number_their_paragraphs_and_a_paragraph_may_say_no():
    def style(name, inner, more=""):
        based = f'<w:basedOn w:val="{more}"/>' if more else ""
        head = f'<w:style w:type="paragraph" w:styleId="{name}">'
        return f"{head}{based}<w:pPr>{inner}</w:pPr></w:style>"

    own = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    styles = style("h1", own) + style("h2", '<w:numPr><w:ilvl w:val="1"/></w:numPr>', "h1")
    styles += style("h3", '<w:numPr><w:numId w:val="2"/></w:numPr>')
    linked = plan(8, level(0, "decimal", "%1."), level(1, "decimal", "（%2）",
                                                      more='<w:pStyle w:val="h3"/>'))  # fmt: skip

    def of(style, text, more=""):
        return paragraph(text, f'<w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>')

    none = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'
    body = of("h1", "甲") + of("h2", "乙") + of("h1", "丙", none) + of("h3", "丁") + of("h1", "戊")

    assert lines(body, OUTLINE + linked + one(1, 7) + one(2, 8), styles) == [
        "一、甲", "（一）乙", "丙", "（1）丁", "二、戊",
    ]  # fmt: skip


def test_what_is_deleted_or_hidden_is_not_counted_and_what_is_inserted_is():
    deleted = f'<w:p><w:pPr>{numbered(1)}<w:rPr><w:del w:id="1"/></w:rPr></w:pPr></w:p>'
    hidden = paragraph("隐", f"<w:pPr>{numbered(1)}<w:rPr><w:vanish/></w:rPr></w:pPr>").replace(
        "<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>"
    )
    before = f"<w:pPr>{numbered(1)}<w:pPrChange><w:pPr>{numbered(9)}</w:pPr></w:pPrChange></w:pPr>"
    inserted = f"<w:p><w:pPr>{numbered(1)}</w:pPr><w:ins>{run('入')}</w:ins></w:p>"
    body = item("甲", 1) + deleted + hidden + inserted + paragraph("乙", before)

    assert lines(body, OUTLINE + one(1, 7)) == ["一、甲", "二、入", "三、乙"]


def numbered(number):
    return f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'


def test_an_empty_cell_shows_its_number_and_an_empty_paragraph_only_counts():
    rows = [[item("", 2), paragraph("白条报销")], [item("", 2), paragraph("账外设账")]]
    numbering = OUTLINE + plan(8, level(0, "decimal", "%1")) + one(1, 7) + one(2, 8)

    assert lines(item("甲", 1) + item("", 1) + item("丙", 1) + table(*rows), numbering) == [
        "一、甲", "三、丙", "1\t白条报销", "2\t账外设账",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sign", "font", "seen"),
    [("&#xF06C;", "Wingdings", "●"), ("l", "Wingdings", "●"), ("—", "宋体", "—"),
     ("&#xF0FF;", "Unknown", "•")],
)  # fmt: skip
def test_bullets_are_those_that_are_seen(sign, font, seen):
    fonts = f'<w:rPr><w:rFonts w:ascii="{font}"/></w:rPr>'

    found = lines(item("要点", 1), plan(1, level(0, "bullet", sign, more=fonts)) + one(1, 1))

    assert found == [f"{seen} 要点"]


def test_headers_and_notes_count_for_themselves_and_a_damaged_list_costs_only_numbers():
    notes = part("footnotes", f"<w:footnote>{item('注', 1)}</w:footnote>")
    more = {"parts": [("word/n.xml", notes)], "related": [("footnotes", "n.xml")]}

    assert lines(item("甲", 1), OUTLINE + one(1, 7), **more) == ["一、甲", "一、注"]
    assert lines(item("甲", 1), OUTLINE + one(1, 7) + "<w:num>") == ["甲"]
    assert lines(item("甲", 1) + item("乙", 9) + item("丙", 1, 8), OUTLINE + one(1, 7)) == [
        "一、甲", "乙", "丙",
    ]  # fmt: skip


def test_word_documents_in_one_file_show_their_numbers():
    old = "http://schemas.microsoft.com/office/word/2003/wordml"
    ready = "http://schemas.microsoft.com/office/word/2003/auxHint"
    number = '<w:listPr><w:ilvl w:val="0"/><w:ilfo w:val="1"/><wx:t wx:val="一、"/></w:listPr>'
    body = paragraph("总体情况", f"<w:pPr>{number}</w:pPr>")
    whole = f'<w:wordDocument xmlns:w="{old}" xmlns:wx="{ready}"><w:body>{body}</w:body>'
    package = "http://schemas.microsoft.com/office/2006/xmlPackage"

    def inside(name, content):
        return f'<p:part p:name="/word/{name}.xml"><p:xmlData>{content}</p:xmlData></p:part>'

    lists = f"<w:numbering>{OUTLINE}{one(1, 7)}</w:numbering>"
    parts = inside("document", f"<w:document><w:body>{item('甲', 1)}</w:body></w:document>")
    flat = f'<p:package xmlns:p="{package}" {NAMESPACES}>{parts}{inside("numbering", lists)}'

    assert paragraphs_of_xml(f"{whole}</w:wordDocument>".encode()) == ["一、总体情况"]
    assert paragraphs_of_xml(f"{flat}</p:package>".encode()) == ["一、甲"]


@pytest.mark.parametrize(
    ("kind", "numbers", "seen"),
    [
        ("chineseCounting", (1, 10, 11, 20, 21, 99), "一 十 十一 二十 二十一 九十九"),
        ("chineseCountingThousand", (100, 101, 110, 1010), "一百 一百零一 一百一十 一千零一十"),
        ("chineseLegalSimplified", (10, 16, 203), "壹拾 壹拾陆 贰佰零叁"),
        ("ideographDigital", (10, 2026), "一〇 二〇二六"),
        ("decimalEnclosedCircleChinese", (1, 20, 21, 36, 51), "① ⑳ ㉑ ㊱ 51"),
        ("upperRoman", (4, 9, 14, 40), "IV IX XIV XL"),
        ("lowerLetter", (1, 26, 27), "a z aa"),
        ("ideographTraditional", (1, 10, 11), "甲 癸 11"),
        ("decimalZero", (1, 12), "01 12"),
        ("decimalFullWidth", (12,), "１２"),
        ("decimalEnclosedParen", (3,), "⑶"),
        ("none", (3,), ""),
        ("hindiNumbers", (3, 0, 123456), "3 0 123456"),
    ],
)  # fmt: skip
def test_numbers_are_written_in_words_ways(kind, numbers, seen):
    assert " ".join(numeral(number, kind) for number in numbers) == seen


@pytest.mark.parametrize(
    ("number", "text", "seen"),
    [("一、", "情况", "一、情况"), ("1.", "情况", "1.情况"), ("1.", "2026年", "1. 2026年"),
     ("（1）", "2026年", "（1）2026年"), ("第一条", "总则", "第一条 总则"), ("1", "", "1"),
     ("", "甲", "甲")],
)  # fmt: skip
def test_a_number_stands_before_its_text_as_whoever_types_writes_it(number, text, seen):
    assert with_number(number, text) == seen


@pytest.mark.parametrize("start", ["--5", "5-", "", "9" * 5000, "²"])
def test_a_start_that_is_no_number_is_one(start):
    numbering = plan(7, level(0, "decimal", "%1.", start=start)) + one(1, 7)

    assert lines(item("甲", 1), numbering) == ["1.甲"]


@pytest.mark.parametrize("at", ["9" * 5000, "-1", "9"])
def test_a_style_whose_level_is_none_has_the_first(at):
    numbered = f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="1"/></w:numPr>'
    style = f'<w:style w:type="paragraph" w:styleId="a"><w:pPr>{numbered}</w:pPr></w:style>'
    body = paragraph("甲", '<w:pPr><w:pStyle w:val="a"/></w:pPr>')

    assert lines(body, plan(7, level(0, "decimal", "%1.")) + one(1, 7), style) == ["1.甲"]


def test_what_a_number_is_made_of_is_not_read_to_its_end_if_it_has_none():
    began = time.process_time()
    numbering = plan(7, level(0, "decimal", "%1" * 100_000)) + one(1, 7)

    assert lines(item("甲", 1) * 300, numbering)[0] == "1" * 40 + " 甲"
    assert time.process_time() - began < 5
