import pytest

from tanzhao.findings.models import Finding
from tanzhao.findings.queries.search import saying
from tests.factories import NOON, FindingFactory, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("接待", {"reception"}),
        ("接待费3笔", {"reception"}),
        ("费", {"reception", "dues"}),  # one character
        ("白条、入", {"notes"}),
        ("待接", set()),
        ("条入", set()),  # neighbours only over a mark
        ("PPP", {"project"}),
        ("ppp项目", {"project"}),
        ("住建", {"project"}),  # the unit's name
        ("收缴", {"dues"}),  # the title
        ("%", set()),
        ('"接待"', set()),
    ],
)
def test_a_word_finds_the_findings_that_say_it(word, expected):
    made = {
        "reception": FindingFactory(title="", fact="列支接待费3笔，无公函"),
        "notes": FindingFactory(title="", fact="白条、入账9笔；接下来待查"),
        "dues": FindingFactory(title="党费收缴不规范", fact="2名党员未交"),
        "project": FindingFactory(title="", fact="Ppp项目", unit=UnitFactory(name="县住建局")),
    }

    found = Finding.objects.filter(saying(word))

    assert {name for name, row in made.items() if row in found} == expected


def test_the_index_follows_every_way_of_writing():
    unit = UnitFactory()
    common = {"unit": unit, "round_number": 1, "imported": True, "made_at": NOON}
    one, two, gone = (Finding(serial=n, fact="原文不动", **common) for n in (1, 2, 3))
    Finding.objects.bulk_create([one, two, gone])
    assert set(Finding.objects.filter(saying("原文"))) == {one, two, gone}

    one.fact = "改写之后"
    one.save()
    gone.delete()

    assert set(Finding.objects.filter(saying("原文"))) == {two}
    assert set(Finding.objects.filter(saying("改写"))) == {one}
