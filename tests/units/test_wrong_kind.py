"""A workbook of another kind is refused whole: a few of its headings fit any kind."""

from pathlib import Path

import pytest

from tanzhao.inspectors.importers import INSPECTORS
from tanzhao.kernel.sheets import Unreadable
from tanzhao.rectification.importers import LEDGER
from tanzhao.units.importers import UNITS

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent.parent.parent / "packs" / "samples" / "lanshui"
FILES = {"units": "巡察对象库", "inspectors": "巡察人才库", "ledger": "整改台账"}


@pytest.mark.parametrize("kind", [UNITS, INSPECTORS, LEDGER], ids=lambda kind: kind.name)
@pytest.mark.parametrize("file", FILES)
def test_a_workbook_is_read_as_its_own_kind_and_as_no_other(kind, file):
    path = SAMPLES / f"{FILES[file]}.xlsx"

    if kind.name == file:
        assert kind.read(path).rows
    else:
        with pytest.raises(Unreadable) as refused:
            kind.read(path)
        assert refused.value.code in {"other_kind", "no_headings"}
