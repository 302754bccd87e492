"""OFD, the format in which offices exchange finished papers, is read as a person reads its pages.

The files follow GB/T 33190-2016; the manners are those of programs that write it: a row of signs
an object, a sign an object with a matrix, all signs of one font after the other.
"""

import io
from pathlib import Path

import pytest

from tanzhao.engines.likeness.extract import Limits, Unreadable, extract_file
from tanzhao.engines.likeness.texts import Part
from tests.engines.likeness.ofd_files import (
    HEAD,
    NAMESPACE,
    document,
    ofd,
    page,
    resources,
    row,
)
from tests.engines.likeness.office_files import png, zipped

BARE = Limits(programs=False, ocr=False)
SCAN = Path(__file__).parent / "files/scan.png"
# 28 letters of 5.6 mm fill a line from 28 to 184.8.
FULL = "县委第三巡察组反馈意见后，局党组立即召开会议研究部署整改工作"[:28]
AGAIN = "各责任单位对照清单逐项整改到位并举一反三建立健全长效机制管根本"[:28]


@pytest.fixture
def read(tmp_path):
    def reading(content, limits=BARE):
        path = tmp_path / "a.ofd"
        path.write_bytes(content)
        return extract_file(path, limits=limits)

    return reading


def refusal(read, content, limits=BARE):
    with pytest.raises(Unreadable) as caught:
        read(content, limits)
    return caught.value


def rows(*lines, top=60.0):
    """Give lines one below the other; two blanks at the beginning set a line in."""
    return [
        row(28 + 11.2 * line.startswith("  "), top + 10 * n, line.strip())
        for n, line in enumerate(lines)
    ]


def test_lines_become_paragraphs_and_say_their_page(read):
    title = row(50, 40, "关于巡察整改情况的报告", 7.8)
    first = page(title, *rows("  " + FULL[:26], AGAIN), row(100, 280, "— 1 —", 4.9))
    second = page(*rows("清单办结。", "  特此报告。"), row(100, 280, "— 2 —", 4.9))

    found = read(ofd(first, second))

    assert found.text.split("\n") == [
        "关于巡察整改情况的报告",
        f"{FULL[:26]}{AGAIN}清单办结。",
        "特此报告。",
    ]
    assert found.parts == (Part(0, 1, 1), Part(12, 1, 2), Part(66, 2, 1), Part(72, 2, 2))
    assert (found.kind, found.how, found.readable) == ("ofd", "layer", 1.0)


def test_a_sign_an_object_with_a_matrix_is_the_same_line(read):
    def sign(n, letter):
        # As printed to OFD: points, moved and made smaller by a matrix.
        left, top = 28 + 5.6 * n, 54.4
        matrix = f"0.3528 0 0 0.3528 {-0.3528 * 80} {-0.3528 * 160}"
        return (
            f'<ofd:TextObject ID="7" CTM="{matrix}" Boundary="{left} {top} 5.6 6.7" Font="3"'
            f' Size="15.873"><ofd:TextCode X="80" Y="175.87">{letter}</ofd:TextCode>'
            "</ofd:TextObject>"
        )

    one_by_one = page(*(sign(n, letter) for n, letter in enumerate(FULL)), *rows("完。", top=70))

    assert read(ofd(one_by_one)).text == f"{FULL}完。" == read(ofd(page(*rows(FULL, "完。")))).text


def test_numbers_drawn_after_the_line_stand_in_their_places(read):
    gap = "5.6 5.6 5.6 14 5.6 5.6 5.6"
    words = row(28, 60, "会议召开次研究了", step=gap)
    number = row(28 + 4 * 5.6 + 1.4, 60, "12", 5.6, step="2.8")

    assert read(ofd(page(words, number))).text == "会议召开12次研究了"


def test_gaps_part_the_cells_of_a_row_and_western_words(read):
    cells = [row(28, 60, "序号"), row(60, 60, "问题"), row(120, 60, "整改措施")]
    in_one = row(28, 70, "甲乙丙丁", step="40 5.6 60")
    words = row(28, 80, "GDPup", 5.6, step="3 3 6 3")

    assert read(ofd(page(*cells, in_one, words))).text.split("\n") == [
        "序号\t问题\t整改措施", "甲\t乙丙\t丁", "GDP up",
    ]  # fmt: skip


@pytest.mark.parametrize("steps", ["g 10 5.6", "5.6 g 2 5.6 5.6", "5.6", "g x 5.6", "", "5,6"])
def test_steps_are_read_in_every_way_they_are_written(read, steps):
    text = FULL[:8]
    written = row(28, 60, text).replace(' DeltaX="g 7 5.6"', f' DeltaX="{steps}"' * bool(steps))

    assert read(ofd(page(written))).text == text


def test_a_page_on_its_side_is_turned_and_letters_below_each_other_are_a_line(read):
    def turned(x, y, text):
        return (
            f'<ofd:TextObject ID="7" CTM="0 1 -1 0 0 0" Boundary="{x} {y} 6 100" Font="3"'
            f' Size="5.6"><ofd:TextCode X="0" Y="0" DeltaX="g 9 5.6">{text}</ofd:TextCode>'
            "</ofd:TextObject>"
        )

    wide = page(turned(150, 40, "序号"), turned(150, 100, "问题"), turned(140, 40, "白条报销"))
    down = row(150, 60, "甲乙丙丁").replace("DeltaX", "DeltaY")

    assert read(ofd(wide)).text == "序号\t问题\n白条报销"
    assert read(ofd(page(down, down.replace("150", "130").replace("甲", "戊")))).text == (
        "甲乙丙丁\n戊乙丙丁"
    )


def test_templates_lie_beneath_their_pages_and_what_is_not_seen_is_left_out(read):
    common = (
        '<ofd:TemplatePage ID="70" ZOrder="Background" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
        '<ofd:TemplatePage ID="71" BaseLoc="Tpls/gone.xml"/>'
    )
    template = page(row(60, 30, "中共某县委员会文件", 9.0))
    used = '<ofd:Template TemplateID="70"/><ofd:Template TemplateID="99"/>'
    first = page(*rows("正文。"), row(28, 80, "看不见", more=' Visible="false"'), before=used)
    content = ofd(first, page(*rows("次页。")), common=common,
                  parts=[("Doc_0/Tpls/Tpl_0/Content.xml", template)])  # fmt: skip

    assert read(content).text == "中共某县委员会文件\n正文。\n次页。"


def test_drawings_within_pages_are_read_and_one_that_uses_itself_ends(read):
    use = '<ofd:CompositeObject ID="5" ResourceID="8" Boundary="20 30 100 20"/>'
    unit = f'<ofd:CompositeGraphicUnit ID="8"><ofd:Content>{row(8, 30, "印发")}{use}</ofd:Content>'
    drawn = resources(
        f"<ofd:CompositeGraphicUnits>{unit}</ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    )
    content = ofd(
        page(use),
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
        parts=[("Doc_0/DocumentRes.xml", drawn)],
    )

    assert read(content).text.split("\n") == ["印发"] * 5


@pytest.mark.parametrize(
    ("root", "place"),
    [
        ("/Doc_0/Document.xml", "/Doc_0/Pages/Page_0/Content.xml"),
        ("Doc_0\\Document.xml", "./Pages/../Pages/Page_0/Content.xml"),
        (" Doc_0/Document.xml\n", "Pages/Page_0/Content.xml"),
    ],
)
def test_paths_are_found_in_every_way_they_are_written(read, root, place):
    made = ofd(page(*rows("正文。")), root=root, main=document([place]))

    assert read(made).text == "正文。"


def test_all_documents_of_a_file_are_read_with_other_namespaces_too(read):
    body = "".join(f"<DocBody><DocRoot>D{n}.xml</DocRoot></DocBody>" for n in range(2))
    parts = [(f"D{n}.xml", document([f"P{n}.xml"])) for n in range(2)]
    parts += [(f"P{n}.xml", page(*rows(f"第{n}份。"))) for n in range(2)]
    parts = [(name, one.replace(NAMESPACE, 'xmlns:ofd="urn:other"')) for name, one in parts]

    found = read(zipped(("./OFD.xml", ""), ("OFD.xml", f"{HEAD}<OFD>{body}</OFD>"), *parts))

    assert found.text == "第0份。\n第1份。"
    assert [part.page for part in found.parts] == [1, 2]


def scanned(picture, name="scan.png", **values):
    image = '<ofd:ImageObject ID="4" ResourceID="6" Boundary="0 0 210 297" CTM="210 0 0 297 0 0"/>'
    media = f"<ofd:MediaFile>{name}</ofd:MediaFile>"
    listed = resources(
        f'<ofd:MultiMedias><ofd:MultiMedia ID="6" Type="Image">{media}</ofd:MultiMedia>'
        "</ofd:MultiMedias>"
    )
    return ofd(
        page(*rows(FULL)),
        page(image, row(150, 290, "扫描全能王")),
        common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
        parts=[("Doc_0/DocumentRes.xml", listed), (f"Doc_0/Res/{name}", picture)],
        **values,
    )


def test_a_page_that_is_a_picture_is_a_scan(read):
    assert refusal(read, scanned(png(200, 100))) == Unreadable("needs_ocr", {"pages": "2"})


# OCR once: its models are loaded for it.
def test_scans_are_read_where_the_extra_is_installed_and_other_pictures_refused(tmp_path):
    from PIL import Image

    with Image.open(SCAN) as picture:
        made = io.BytesIO()
        picture.convert("L").save(made, "PNG")
    from tanzhao.engines.likeness.extract import extract_files

    paths = [tmp_path / "a.ofd", tmp_path / "b.ofd"]
    paths[0].write_bytes(scanned(made.getvalue()))
    paths[1].write_bytes(scanned(b"\x97JB2\r\n\x1a\n", "scan.jb2"))

    (_a, found), (_b, refused) = extract_files(paths, workers=1)

    assert found.text.startswith(FULL)
    assert "一、整改工作总体情况" in found.text
    assert found.how == "ocr"
    assert {part.page for part in found.parts} == {1, 2}
    assert refused == Unreadable("ofd")


def test_what_cannot_be_read_is_refused_with_its_reason(read):
    good = ofd(page(*rows(FULL)))
    unknown = page(*rows("\xa4" * 28, "\xa4" * 28))
    many = ofd(main=document(["Pages/a.xml"] * 6000))
    laughs = page().replace("<ofd:Page", '<!DOCTYPE a [<!ENTITY x "哈">]><ofd:Page')

    assert refusal(read, ofd(unknown)).code == "garbage"
    assert refusal(read, ofd(page())) == Unreadable("no_text", {"kind": "ofd"})
    assert refusal(read, ofd(main=document(["gone.xml"]))).code == "damaged"
    assert refusal(read, ofd(root="gone.xml")).code == "damaged"
    assert refusal(read, ofd(page()[:-9])) == Unreadable("damaged", {"kind": "ofd"})
    assert refusal(read, good[: len(good) // 2]) == Unreadable("damaged", {"kind": "ofd"})
    assert refusal(read, many).code == "too_many_pages"
    assert refusal(read, ofd(laughs)).code == "entities"
    assert refusal(read, ofd(parts=[("Doc_0/Encryptions.xml", "")])).code == "encrypted"


@pytest.mark.parametrize(
    ("more", "step"),
    [
        (' CTM="1e308 1e308 1e308 1e308 1e308 1e308"', None),
        (' CTM="1 0 0 1 nan inf"', None),
        ("", "g 10 1e308"),
        ("", "g -1000000000 1"),
        ("", "g 1000000000 1"),
    ],
)
def test_numbers_beyond_any_page_do_not_cost_the_rest_of_it(read, more, step):
    odd = row(28, 80, AGAIN, more=more, step=step)

    assert read(ofd(page(row(28, 60, FULL), odd))).text.startswith(FULL)


@pytest.mark.parametrize("box", ["0 0 1e-320 1e-320", "1e308 -1e308 1e308 1e308"])
def test_a_page_of_no_size_has_that_of_its_document(read, box):
    assert read(ofd(page(row(28, 60, FULL), area=box))).text == FULL
