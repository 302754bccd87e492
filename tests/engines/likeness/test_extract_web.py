"""Web pages that are called documents: what a browser shows is read, and nothing else."""

import pytest

from tanzhao.engines.likeness.extract.refusals import Unreadable
from tanzhao.engines.likeness.extract.web_pages import text_of_page


def lines(body, head=""):
    page = f"<html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    found = text_of_page(page.encode(), "html").split("\n")
    return [line.strip(" ") for line in found if line.strip()]


def test_a_row_is_one_line_whatever_stands_in_its_cells():
    inner = "<table><tr><td><p>子一</p></td><td>子二</td></tr></table>"
    page = (
        "<table><tr><th><p>序号</p></th><th><p>问题</p><p>措施</p></th></tr>"
        f"<tr><td>1<td>{inner}后<td></td></tr><tr><td></td><td>白条</td></table>末"
    )

    assert lines(page) == ["序号\t问题", "措施", "1\t子一\t子二", "后", "\t白条", "末"]
    assert lines("<td>甲<td>乙") == ["\t甲\t乙"]
    assert lines("<table>" * 60 + "<tr><td>深</td><td>处</td></tr>") == ["\t深\t处"]


@pytest.mark.parametrize(
    "hidden",
    [
        '<span style="color:red; DISPLAY : none">隐</span>',
        '<p style="display:none">隐<p>丙</p>',
        "<div hidden><div>隐</div>隐</div>",
        "<span style='mso-hide:all'>隐</span>",
        '<div style="visibility:hidden"><ul><li>隐<li>隐</ul></div>',
        '<p class="x gone">隐</p>',
        '<p id="Off">隐</p>',
        "<del>隐</del>",
        '<div style="mso-element:comment-list"><p>隐</p></div>',
        "<span class=MsoCommentReference>[隐1]</span>",
        '<input type="hidden" value="隐"><img style="display:none">',
        "<ul><li style='display:none'>隐<li>丙</ul>",
        "<table><tr><td style='display:none'>隐<td>丙<tr style='display:none'><td>隐</table>",
    ],
)
def test_what_is_not_shown_is_left_out_and_what_follows_is_not(hidden):
    style = (
        "<style><!-- /* .x{display:none} */ @import 'a'; p.gone, #off {display:none !important}"
        "@media print { .seen {display:none} body{display:none} } .a .x{display:none}--></style>"
    )

    found = lines(f"<p>甲</p>{hidden}<p class='seen x'>乙</p>", style)

    assert [line for line in found if line != "丙"] == ["甲", "乙"]
    assert ("丙" in found) == ("丙" in hidden)


def test_lists_are_numbered_as_they_are_seen():
    page = (
        "<ol><li><p>总体情况</p><ol type=a start=2><li>甲<li>乙</ol></li><li value=5>2026年"
        "<li></ol><ul><li>要点</ul><ol style='list-style-type:cjk-ideographic'><li>学习</ol>"
        "<ol style='list-style:none'><li>丙</ol>"
        "<p><![if !supportLists]><span style='mso-list:Ignore'>一、</span><![endif]>Word</p>"
    )

    assert lines(page) == [
        "1.总体情况", "b.甲", "c.乙", "5. 2026年", "要点", "一、学习", "丙", "一、Word",
    ]  # fmt: skip


def test_what_somebody_filled_in_is_read():
    assert lines("姓名：<input value='张三'> <input type=checkbox value=on>") == ["姓名：张三"]


@pytest.mark.parametrize("tag", ["<a ", "<p x='>' ", '<td width="'])
def test_a_page_whose_tags_never_end_is_refused_before_it_takes_hours(tag):
    with pytest.raises(Unreadable) as refused:
        text_of_page(("<html><body>整改报告" + tag * 50_000).encode(), "html")

    assert refused.value == Unreadable("unended", {"kind": "html"})


def test_a_page_that_is_cut_off_or_holds_a_large_picture_is_read():
    picture = f"<img src='data:image/png;base64,{'iVBORw0KGgo' * 20_000}'>"
    page = f"<p>一、整改情况{picture}</p><p>二、人数 <5 人</p><p>三、a<b 的情形</p><td style='wid"

    found = text_of_page(page.encode(), "html").split()

    assert found[:4] == ["一、整改情况", "二、人数", "<5", "人"]
    assert lines(f"<p>甲{picture}</p>" * 3 + "<p>乙</p>") == ["甲", "甲", "甲", "乙"]
