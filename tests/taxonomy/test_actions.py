"""Packs are made in a folder of the test, so that each differs in one thing."""

import pytest

from tanzhao.audit.models import Entry
from tanzhao.kernel.packs import SHIPPED, packs_of_kind, read_pack
from tanzhao.taxonomy.actions import Changes, install_frame
from tanzhao.taxonomy.models import Code, Frame
from tanzhao.taxonomy.queries import codes_by_word, codes_of, frames, lowest_codes_of
from tests.factories import NOON

pytestmark = pytest.mark.django_db

HEADER = """kind = "frame"
version = "{version}"
title_zh = "试用框架"
title_en = "Trial frame"
source = "测试"
"""
HEADING = "code,parent,label_zh,label_en,synonyms,retired\n"
TWO = HEADING + "money,,财务,Money,钱款|资金,\nmoney.cash,money,现金,Cash,,\n"


@pytest.fixture
def pack(tmp_path):
    def _pack(terms, version="2026.1"):
        folder = tmp_path / "trial"
        folder.mkdir(exist_ok=True)
        (folder / "pack.toml").write_text(HEADER.format(version=version), encoding="utf-8")
        (folder / "terms.csv").write_text(terms, encoding="utf-8")
        return read_pack(folder, kind="frame")

    return _pack


def test_a_frame_is_installed_with_its_codes_and_the_second_time_changes_nothing(pack):
    first = install_frame(pack(TWO), at=NOON)
    second = install_frame(pack(TWO), at=NOON)

    assert (first, second) == (Changes(added=2), Changes())
    assert [(c.code, c.parent and c.parent.code) for c in codes_of("trial")] == [
        ("money", None),
        ("money.cash", "money"),
    ]
    assert [c.code for c in lowest_codes_of("trial")] == ["money.cash"]
    assert [entry.verb for entry in Entry.objects.all()] == ["pack.installed"]


def test_a_changed_wording_changes_the_code_and_keeps_its_key(pack):
    install_frame(pack(TWO), at=NOON)
    before = Code.objects.get(code="money.cash").pk

    changes = install_frame(pack(TWO.replace("现金", "库存现金"), "2026.2"), at=NOON)

    after = Code.objects.get(code="money.cash")
    assert (changes, after.pk, after.label_zh) == (Changes(changed=1), before, "库存现金")
    assert Frame.objects.get().version == "2026.2"


@pytest.mark.parametrize(
    "terms",
    [
        HEADING + "money,,财务,Money,钱款|资金,\n",
        HEADING + "money,,财务,Money,钱款|资金,\nmoney.cash,money,现金,Cash,,yes\n",
    ],
    ids=["no longer listed", "marked as retired"],
)
def test_a_dropped_code_is_retired_and_never_deleted_and_can_come_back(pack, terms):
    install_frame(pack(TWO), at=NOON)

    dropped = install_frame(pack(terms), at=NOON)
    listed = [c.code for c in codes_of("trial")]
    back = install_frame(pack(TWO), at=NOON)

    assert (dropped, back) == (Changes(retired=1), Changes(changed=1))
    assert listed == ["money"]
    assert [c.code for c in codes_of("trial")] == ["money", "money.cash"]


def test_a_dry_run_says_what_would_change_and_keeps_nothing(pack):
    changes = install_frame(pack(TWO), at=NOON, keep=False)

    assert changes == Changes(added=2)
    assert not Frame.objects.exists()
    assert not Entry.objects.exists()


def test_a_code_is_found_by_each_of_its_wordings(pack):
    install_frame(pack(TWO), at=NOON)

    found = {word: code.code for word, code in codes_by_word("trial").items()}

    assert found == {
        "财务": "money",
        "Money": "money",
        "钱款": "money",
        "资金": "money",
        "现金": "money.cash",
        "Cash": "money.cash",
    }


def test_every_shipped_frame_and_vocabulary_can_be_installed():
    packs = [*packs_of_kind("frame", SHIPPED), *packs_of_kind("vocabulary", SHIPPED)]

    for one in packs:
        install_frame(one, at=NOON)

    assert Frame.objects.count() == len(packs) > 5
    assert {f.name for f in frames()} == {p.name for p in packs if p.kind == "frame"}
    assert all(codes_of(p.name).count() == len(p.table("terms.csv")) for p in packs)
