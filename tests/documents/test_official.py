"""What stands in the file of an official paper, and how its words are made."""

import datetime as dt
import re
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest

from tanzhao.documents.official import (
    Annex,
    Cell,
    Column,
    Form,
    Heading,
    OfficialPaper,
    Paragraph,
    Table,
    render,
)
from tanzhao.documents.official.titles import title_lines
from tanzhao.documents.official.words import (
    date_chinese,
    document_number,
    level_number,
    name_chinese,
    number_chinese,
    period_chinese,
)
from tests.documents.papers import authorisation, report, working_paper

PLAIN = OfficialPaper(title="通知", body=(Paragraph("正文。"),))


def _texts(content):
    return [paragraph.text for paragraph in docx.Document(BytesIO(content)).paragraphs]


def _xml(content, part):
    with ZipFile(BytesIO(content)) as file:
        return file.read(part).decode()


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (100, "一百"),
     (105, "一百零五"), (110, "一百一十"), (1005, "一千零五"), (1050, "一千零五十"),
     (9999, "九千九百九十九")],
)  # fmt: skip
def test_numbers_are_written_as_chinese_numerals(number, written):
    assert number_chinese(number) == written


@pytest.mark.parametrize("number", [0, -1, 10_000])
def test_a_number_beyond_the_numerals_is_refused(number):
    with pytest.raises(ValueError, match="number="):
        number_chinese(number)


def test_days_spans_numbers_and_names_are_written_as_papers_write_them():
    spring, may = dt.date(2026, 3, 5), dt.date(2026, 5, 1)

    assert date_chinese(spring) == "2026年3月5日"
    assert period_chinese(spring, may) == "2026年3月5日至5月1日"
    assert period_chinese(spring, dt.date(2027, 1, 2)) == "2026年3月5日至2027年1月2日"
    assert period_chinese(spring, spring) == "2026年3月5日"
    assert document_number("岚巡组", 2026, 3) == "岚巡组〔2026〕3号"
    assert [level_number(level, 2) for level in (1, 2, 3, 4)] == ["二、", "（二）", "2.", "（2）"]
    assert (name_chinese("李敏"), name_chinese("张建国")) == ("李\u3000敏", "张建国")


@pytest.mark.parametrize(
    "lines",
    [
        ("关于开展巡察工作的通知",),
        (
            "中共岚水县委巡察工作领导小组",
            "关于十五届县委第六轮巡察",
            "组长授权任职及任务分工的决定",
        ),
        ("县委第一巡察组", "关于巡察县卫生健康局党组情况的报告"),
    ],
)
def test_a_title_breaks_where_its_author_lets_it(lines):
    assert title_lines(lines) == lines


@pytest.mark.parametrize("length", range(1, 61, 4))
def test_no_line_of_a_title_is_too_long_or_left_with_a_single_character(length):
    words = ("关于对县自然资源和规划局党组开展第六轮常规巡察发现问题整改情况的报告" * 2)[:length]

    lines = title_lines(words)

    assert "".join(lines) == words
    assert all(len(line) <= 20 for line in lines)
    assert length < 21 or min(map(len, lines)) >= 4
    assert not any(line[0] in "的和" for line in lines[1:])
    assert "第" not in {line[-1] for line in lines[:-1]}


def test_a_title_of_any_length_is_set():
    words = "关于对县自然资源和规划局党组开展第六轮常规巡察发现问题整改情况的报告" * 9

    assert "".join(title_lines(words)) == words
    assert max(map(len, title_lines(words))) <= 20


def test_the_same_paper_gives_the_same_bytes():
    assert render(report()) == render(report())
    assert render(report()) != render(report(number="岚巡组〔2026〕13号"))
    with ZipFile(BytesIO(render(report()))) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "docProps/thumbnail.jpeg" not in file.namelist()


def test_the_fonts_of_the_standard_are_named():
    styles = _xml(render(report()), "word/styles.xml")
    fonts = {}
    for name, style in re.findall(r'<w:name w:val="(公文\w+)"/>(.*?)</w:style>', styles):
        size = re.search(r'<w:sz w:val="(\d+)"/>', style)[1]
        fonts[name] = (re.search(r'w:eastAsia="([^"]+)"', style)[1], int(size) / 2)

    assert fonts["公文标题"] == ("方正小标宋简体", 22)
    assert fonts["公文红头"][0] == "方正小标宋简体"
    assert fonts["公文正文"] == ("仿宋_GB2312", 16)
    assert fonts["公文一级标题"] == ("黑体", 16)
    assert fonts["公文二级标题"] == ("楷体_GB2312", 16)
    assert fonts["公文三级标题"] == ("仿宋_GB2312", 16)
    assert fonts["公文版记"] == ("仿宋_GB2312", 14)
    assert fonts["公文页码"] == ("宋体", 14)


def test_headings_are_counted_anew_under_each_higher_one():
    levels = [1, 2, 3, 3, 2, 3, 4, 1, 2, 4]
    body = tuple(Heading(level, "题") for level in levels)

    texts = _texts(render(OfficialPaper(title="通知", body=body)))

    assert [text for text in texts if text.endswith("题")] == [
        "一、题", "（一）题", "1.题", "2.题", "（二）题", "1.题", "（1）题",
        "二、题", "（一）题", "（1）题",
    ]  # fmt: skip


def test_what_is_left_empty_is_left_out():
    assert [text for text in _texts(render(PLAIN)) if text] == ["通知", "正文。"]


def test_an_addressee_has_one_full_width_colon():
    for addressee in ("县教育局党组", "县教育局党组：", "县教育局党组:"):
        paper = OfficialPaper(title="通知", body=(), addressee=addressee)
        assert "县教育局党组：" in _texts(render(paper))


def test_annexes_are_named_in_the_note_and_numbered_only_if_several():
    one, two = Annex("名单", (Paragraph("张三"),)), Annex("另附材料")

    alone = _texts(render(OfficialPaper(title="通知", body=(), annexes=(one,))))
    both = _texts(render(OfficialPaper(title="通知", body=(), annexes=(two, one))))

    assert [text for text in alone if text] == ["通知", "附件：名单", "附件", "名单", "张三"]
    assert [text for text in both if text] == [
        "通知", "附件：1.另附材料", "2.名单", "附件2", "名单", "张三",
    ]  # fmt: skip


def test_characters_that_xml_cannot_carry_are_dropped():
    paper = OfficialPaper(title="通\x0b知", body=(Paragraph("正\x00文\ud800\n<b>&\t"),))

    assert [text for text in _texts(render(paper)) if text] == ["通知", "正文", "<b>&"]


def test_shapes_that_cannot_be_printed_are_refused():
    with pytest.raises(ValueError, match="level=5"):
        Heading(5, "题")
    with pytest.raises(ValueError, match="1 cells under 2 headings"):
        Table((Column("甲", 20), Column("乙", 20)), (("一",),))
    with pytest.raises(ValueError, match="do not fill"):
        Form((20, 20), ((Cell("甲"),),))


def test_the_decision_names_everybody_and_ends_with_its_round():
    texts = _texts(render(authorisation()))
    whole = "\n".join(texts)

    assert "组　长：张建国" in texts
    assert "副组长：李　敏、王志强" in texts
    assert "由组长兼任临时党支部书记" in whole
    assert (
        "本次授权仅限十五届县委第六轮巡察，自2026年3月2日起至2026年5月15日止，期满自行终止。"
        in texts
    )
    assert texts.count("2026年2月25日") == 1
    table = docx.Document(BytesIO(render(authorisation()))).tables[0]
    assert [cell.text for cell in table.rows[2].cells] == [
        "县委第二巡察组",
        "赵德明",
        "孙丽华",
        "何　军、林志远\n黄秀英、徐国庆",
        "青石镇党委\n云台镇党委",
    ]


def test_a_working_paper_says_how_each_fact_is_known_and_who_has_signed():
    table = docx.Document(BytesIO(render(working_paper()))).tables[0]
    rows = {row.cells[0].text: row.cells[-1].text for row in table.rows}

    assert (
        "〔了解方式：个别谈话；时间：2026年3月12日；地点：县教育局三楼会议室；佐证：03〕"
        in rows["具体事实"]
    )
    assert (
        "3.推动发展的无意过失与谋取私利：属于前者。未发现谋取私利的情形。" in rows["三个区分\n开来"]
    )
    assert "事实清楚，同意。" in rows["副组长审核"]
    assert "（李　敏）　2026年3月26日" in rows["副组长审核"]
    assert "同意" not in rows["巡察办复核"]
    assert "年　　月　　日" in rows["巡察办复核"]
    assert rows["04"] == "复印件"
