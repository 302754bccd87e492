"""Word documents as Word and WPS write them: fields, controls, signs of picture fonts, styles."""

import pytest

from tanzhao.engines.likeness.extract.limits import LIMITS
from tanzhao.engines.likeness.extract.packages import Package
from tanzhao.engines.likeness.extract.word import paragraphs_of
from tests.engines.likeness.office_files import W, docx, paragraph, run


def _lines(body, **parts):
    return list(paragraphs_of(Package(docx(body, **parts), kind="docx"), LIMITS))


def _mark(kind):
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _asked(text):
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def test_a_field_shows_its_result_and_nothing_of_its_instruction_not_even_another_s_result():
    name = (
        f"{_mark('begin')}{_asked('MERGEFIELD 性别')}{_mark('separate')}{run('男')}{_mark('end')}"
    )
    choice = (
        f"{_asked('IF')}{name}{_asked(' = 男')}{run('先生指令')}{_mark('separate')}{run('先生')}"
    )
    field = f"{_mark('begin')}{choice}{_mark('end')}"

    assert _lines(f"<w:p>{run('称谓：')}{field}{run('您好。')}</w:p>") == ["称谓：先生您好。"]
    # A field that a damaged document never ends costs its paragraph and no other.
    open_ = f"<w:p>{run('甲')}{_mark('begin')}{run('乙')}</w:p>"
    assert _lines(f"{open_}{paragraph('丙')}<w:p>{_mark('end')}{run('丁')}</w:p>") == [
        "甲", "丙", "丁",
    ]  # fmt: skip


def test_a_control_that_nobody_filled_in_says_nothing():
    def control(text, more=""):
        inner = f"<w:sdtPr>{more}<w:text/></w:sdtPr><w:sdtContent>{run(text)}</w:sdtContent>"
        return f"<w:sdt>{inner}</w:sdt>"

    hint = control("单击或点击此处输入文字。", "<w:showingPlcHdr/>")
    off = control("李四", '<w:showingPlcHdr w:val="0"/>')

    assert _lines(f"<w:p>{run('填报人：')}{hint}{control('张三')}{off}{run('。')}</w:p>") == [
        "填报人：张三李四。"
    ]


@pytest.mark.parametrize(
    ("font", "code", "sign"),
    [
        ("Wingdings 2", "F052", "☑"),
        ("Wingdings 2", "00A3", "□"),
        ("Wingdings", "F0FE", "☑"),
        ("Symbol", "F0B3", "≥"),
        ("宋体", "2265", "≥"),
        ("Wingdings", "F001", ""),
        ("宋体", "F0FE", ""),
        ("宋体", "D800", ""),
        ("宋体", "110000", ""),
        ("宋体", "好", ""),
    ],
)
def test_signs_of_picture_fonts_are_those_that_are_seen(font, code, sign):
    symbol = f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'

    assert _lines(f"<w:p>{symbol}{run('已整改')}</w:p>") == [f"{sign}已整改"]


def test_text_of_a_style_that_hides_it_is_left_out():
    def style(kind, name, more):
        return f'<w:style w:type="{kind}" w:styleId="{name}"><w:rPr>{more}</w:rPr></w:style>'

    hidden, shown = "<w:vanish/>", '<w:vanish w:val="0"/>'
    styles = (
        f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPr/></w:docDefaults>'
        f"{style('paragraph', 'z', hidden)}{style('character', 'y', hidden)}"
        f"{style('paragraph', 'x', shown)}</w:styles>"
    )
    top = paragraph("窗体顶端", '<w:pPr><w:pStyle w:val="z"/></w:pPr>')
    usual = paragraph("可见", '<w:pPr><w:pStyle w:val="x"/></w:pPr>')
    within = f"<w:p>{run('前')}{run('隐', '<w:rPr><w:rStyle w:val="y"/></w:rPr>')}{run('后')}</w:p>"

    def lines(content):
        part = [("word/styles.xml", content)]
        return _lines(top + usual + within, parts=part, related=[("styles", "styles.xml")])

    assert lines(styles) == ["可见", "前后"]
    assert lines(styles.replace("</w:styles>", "</w:style>")) == ["窗体顶端", "可见", "前隐后"]


def test_words_of_drawings_are_read_once():
    head = 'xmlns:dgm="urn:d" xmlns:a="urn:a"'
    points = "".join(
        f"<dgm:pt><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>"
        for text in ("发现问题", "", "立行立改")
    )
    smart = ("word/diagrams/data1.xml", f"<dgm:dataModel {head}>{points}</dgm:dataModel>")
    path = '<v:shape><v:textpath style="font-size:36pt" string="中共某县委员会文件"/></v:shape>'
    drawn = f"<w:r><w:pict>{path}</w:pict></w:r>"
    both = f"<mc:Choice>{run('新')}</mc:Choice><mc:Fallback>{drawn}</mc:Fallback>"
    body = f"<w:p>{drawn}</w:p><w:p><mc:AlternateContent>{both}</mc:AlternateContent></w:p>"

    assert _lines(body, parts=[smart], related=[("diagramData", "diagrams/data1.xml")]) == [
        "中共某县委员会文件", "新", "发现问题", "立行立改",
    ]  # fmt: skip
