import re

import pytest

from tanzhao.documents.phrases import Phrases, phrases
from tanzhao.kernel.packs import SHIPPED, BadPack, packs_of_kind, read_pack

PACK = """
kind = "document"
version = "2026.1"
title_zh = "通知"
title_en = "Notice"
source = "test"
fields = ["unit"]
[texts]
opening = "关于{place}的通知"
"""


def test_a_text_is_said_with_its_places_filled_or_not_at_all():
    words = Phrases("notice", {"opening": "关于{unit}的通知\n"})

    assert words.say("opening", unit="{县教育局}") == "关于{县教育局}的通知"
    with pytest.raises(BadPack, match=r"opening cannot say \{unit\}"):
        words.say("opening")
    with pytest.raises(BadPack, match="no text closing"):
        words.say("closing")


def test_a_pack_whose_text_has_an_undeclared_place_is_refused(tmp_path):
    folder = tmp_path / "notice"
    folder.mkdir()
    (folder / "pack.toml").write_text(PACK.replace("{place}", "{unit}"), encoding="utf-8")
    assert phrases("notice", tmp_path).say("opening", unit="巡察") == "关于巡察的通知"

    (folder / "pack.toml").write_text(PACK, encoding="utf-8")
    with pytest.raises(BadPack, match=r"texts\.opening has the place \{place\}"):
        phrases("notice", tmp_path)


def test_no_standing_word_of_a_paper_adjudges_anybody():
    packs = packs_of_kind("document")

    assert {"authorisation", "names", "working-paper"} <= {pack.name for pack in packs}
    for pack in packs:
        texts = read_pack(SHIPPED / "documents" / pack.name, "document").body["texts"]
        assert not re.search("违纪|违法|犯罪|贪污|受贿|涉嫌", "".join(texts.values())), pack.name
