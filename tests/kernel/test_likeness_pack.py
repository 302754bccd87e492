"""The pack of likeness: plain values for the engine, texts that are allowed, templates."""

import shutil
from dataclasses import fields

import pytest

from tanzhao.engines.likeness.extract.limits import Limits
from tanzhao.engines.likeness.settings import Settings
from tanzhao.kernel.packs import SHIPPED, BadPack, packs_of_kind
from tanzhao.kernel.packs.likeness_texts import read_likeness

COUNTY = SHIPPED / "likeness/county"


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(COUNTY, tmp_path / "county")


def test_the_county_pack_names_every_setting_and_limit_with_the_value_that_was_measured():
    pack = read_likeness()

    assert set(pack.comparing) == {field.name for field in fields(Settings)}
    assert set(pack.reading) == {field.name for field in fields(Limits)}
    assert Settings(**pack.comparing) == Settings()
    assert Limits(**pack.reading) == Limits()


def test_allowed_wordings_stand_one_a_line_and_templates_have_names():
    pack = read_likeness()

    assert "任何单位和个人不得将依法必须进行招标的项目化整为零" in "\n".join(pack.allowed)
    assert "以上报告，请予审阅。" in pack.allowed
    assert set(pack.templates) == {"整改方案", "整改进展情况报告"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value = 80\n", "value = 101\n", "reading.least_readable.value is 101 but must be"),
        ("[comparing.gram]", "[comparing.gram]\nother = 1", "comparing.gram.other is not a key"),
        ('label_zh = "选取间隔"\n', "", "comparing.window.label_zh is missing"),
    ],
)
def test_a_setting_out_of_its_range_or_unexplained_is_refused(folder, old, new, said):
    file = folder / "pack.toml"
    read_likeness(folder)
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")

    with pytest.raises(BadPack, match=said):
        read_likeness(folder)


def test_a_text_with_the_mark_of_notepad_is_read_and_one_of_other_bytes_refused(folder):
    (folder / "allowed/ours.txt").write_bytes(b"\xef\xbb\xbf" + "特此函告。".encode())
    assert "特此函告。" in read_likeness(folder).allowed

    (folder / "allowed/ours.txt").write_bytes("特此函告。".encode("gb18030"))
    with pytest.raises(BadPack, match=r"ours\.txt: is not text in UTF-8"):
        read_likeness(folder)
    (folder / "allowed/ours.txt").write_text("\n", "utf-8")
    with pytest.raises(BadPack, match=r"ours\.txt: is blank"):
        read_likeness(folder)


def test_every_pack_of_likeness_explains_its_settings_in_both_languages():
    (pack,) = packs_of_kind("likeness")

    for section in ("comparing", "reading"):
        for entry in pack.body[section].values():
            assert entry["about_zh"].endswith("。")
            assert entry["about_en"].endswith(".")
