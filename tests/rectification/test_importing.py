import datetime as dt

import pytest

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.findings.models import Finding
from tanzhao.kernel.imports import Outcome
from tanzhao.kernel.verdict import Refused
from tanzhao.rectification.actions import LedgerRow, claim_done, reopen_item, take_ledger_rows
from tanzhao.rectification.actions.stepping import Evidence
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.queries import mark
from tanzhao.rectification.states import ImportedState
from tests.factories import (
    NOON,
    TODAY,
    CodeFactory,
    FindingFactory,
    FrameFactory,
    StoredFileFactory,
    UnitFactory,
    UserFactory,
    contact_of,
    days,
)
from tests.rectification.makers import PDF

pytestmark = pytest.mark.django_db
NEW, CHANGED, UNCHANGED = Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED


def row(unit, text="白条入账3笔", **values):
    first = {"round_number": 2, "due": dt.date(2023, 2, 1), "state": ImportedState.NOT}
    words = {"owner": "金凯涛", "measure": "开展专项清理", "category": "作风建设"}
    return LedgerRow(unit_id=unit.pk, text=text, **{**first, **words, **values})


def take(*rows, **values):
    """Take rows, and give what became of each."""
    source = StoredFileFactory(name="整改台账.xlsx", sha256="ab")
    given = {"rows": rows, "actor": UserFactory(), "at": NOON, "source": source}
    return [plan.outcome for plan in take_ledger_rows(**given | values)]


def test_a_row_becomes_a_finding_fed_back_and_an_item_due_on_the_last_day_of_its_month():
    unit = UnitFactory()

    assert take(row(unit)) == [NEW]

    item = RectificationItem.objects.get()
    finding = item.finding
    assert (finding.fact, finding.imported, finding.state) == ("白条入账3笔", True, "fed_back")
    assert (finding.unit, finding.round_number, finding.serial) == (unit, 2, 1)
    assert (item.state, item.imported_state, item.due_date) == (
        "in_progress", "未完成", dt.date(2023, 2, 28)
    )  # fmt: skip
    assert (item.owner_name, item.measure) == ("金凯涛", "开展专项清理")
    assert mark(item, TODAY).colour == "red"


def test_a_finding_is_sorted_by_the_words_of_the_ledger_and_only_by_them():
    building = CodeFactory(label_zh="作风建设")
    other = CodeFactory(label_zh="纪律建设", synonyms=["纪律"])
    reception = CodeFactory(parent=building, label_zh="违规接待", synonyms=["超标准接待"])
    accounts = CodeFactory(parent=other, label_zh="财务管理混乱")
    CodeFactory(label_zh="违规接待", frame=FrameFactory(name="vocabulary", kind="vocabulary"))
    unit = UnitFactory()
    rows = [
        row(unit, "一", category="作风建设", subcategory="违规接待"),
        row(unit, "二", category="作风建设", subcategory="超标准接待"),
        row(unit, "三", category="纪律", subcategory="财务管理混乱"),
        row(unit, "四", category="", subcategory="财务管理混乱"),
        row(unit, "五", category="作风建设", subcategory="财务管理混乱"),  # not of that class
        row(unit, "六", category="作风建设", subcategory="其他"),
        row(unit, "七", category="作风建设"),
    ]

    take(*rows)
    assert take(*rows) == [UNCHANGED] * 7
    reception.synonyms = [*reception.synonyms, "其他"]
    reception.save()
    changed = row(unit, "一", category="纪律建设", subcategory="财务管理混乱")
    first = {f.fact: list(f.codes.all()) for f in Finding.objects.all()}
    take(changed, *rows[1:])

    expected = {"一": [reception], "二": [reception], "三": [accounts], "四": [accounts],
                "五": [], "六": [], "七": []}  # fmt: skip
    assert first == expected
    assert {f.fact: list(f.codes.all()) for f in Finding.objects.all()} == expected | {
        "一": [accounts],
        "六": [reception],
    }
    assert Finding.objects.get(fact="三").category == "纪律"


@pytest.mark.parametrize(
    ("said", "state", "colour"),
    [
        ("已完成", "closed", "none"),
        ("基本完成", "in_progress", "red"),
        ("未完成", "in_progress", "red"),
    ],
)
def test_only_what_the_ledger_calls_done_is_closed(said, state, colour):
    take(row(UnitFactory(), state=ImportedState(said)))

    item = RectificationItem.objects.get()
    assert (item.state, item.imported_state, mark(item, TODAY).colour) == (state, said, colour)


def test_the_same_rows_twice_change_nothing_in_any_order():
    unit = UnitFactory()
    rows = [row(unit), row(unit, owner="罗军"), row(unit, text="超标准接待"), row(UnitFactory())]

    assert take(*rows) == [NEW] * 4
    before = list(RectificationItem.objects.order_by("pk").values())
    assert take(*rows) == [UNCHANGED] * 4
    assert take(*reversed(rows)) == [UNCHANGED] * 4

    assert list(RectificationItem.objects.order_by("pk").values()) == before
    assert [f.serial for f in Finding.objects.filter(unit=unit).order_by("serial")] == [1, 2, 3]


def test_a_changed_row_changes_its_item_and_adds_none():
    unit = UnitFactory()
    take(row(unit))

    changed = row(unit, state=ImportedState.MOSTLY, subcategory="财务管理")
    assert take(changed) == [CHANGED]
    assert take(changed) == [UNCHANGED]

    item = RectificationItem.objects.get()
    assert (item.imported_state, item.finding.subcategory) == ("基本完成", "财务管理")


def test_one_person_cannot_close_an_open_item_by_importing_that_it_is_done():
    unit, source = UnitFactory(), StoredFileFactory()
    take(row(unit))
    done = row(unit, state=ImportedState.DONE)

    [plan] = take_ledger_rows(rows=[done], actor=UserFactory(), at=NOON, source=source)
    again = take(done)

    assert plan.outcome == CHANGED
    assert [remark.code for remark in plan.remarks] == ["not_closed"]
    assert again == [UNCHANGED]
    item = RectificationItem.objects.get()
    assert (item.state, item.imported_state) == ("in_progress", "已完成")


def test_what_people_have_done_here_since_is_kept():
    unit = UnitFactory()
    take(row(unit), row(unit, text="超标准接待", state=ImportedState.DONE))
    worked, closed = RectificationItem.objects.order_by("finding__serial")
    claim_done(
        item_id=worked.pk,
        actor=contact_of(unit),
        at=NOON,
        text="完成",
        evidence=[Evidence(PDF, "a.pdf")],
    )
    supervisor = UserFactory(role=Role.SUPERVISOR)
    reopen_item(item_id=closed.pk, actor=supervisor, at=NOON, reason="又发生", due_date=days(50))

    same = take(row(unit), row(unit, text="超标准接待", state=ImportedState.DONE))
    differing = take(row(unit, state=ImportedState.DONE))

    assert same == [UNCHANGED] * 2
    assert differing == [UNCHANGED]
    worked.refresh_from_db()
    closed.refresh_from_db()
    assert (worked.state, closed.state, closed.due_date) == ("claimed", "reopened", days(50))


def test_an_empty_cell_never_wipes_a_known_value():
    unit = UnitFactory()
    take(row(unit, state=ImportedState.DONE))

    empty = row(unit, owner="", measure="", category="", state=None)
    assert take(empty) == [UNCHANGED]

    item = RectificationItem.objects.get()
    assert (item.owner_name, item.measure, item.finding.category, item.state) == (
        "金凯涛", "开展专项清理", "作风建设", "closed"
    )  # fmt: skip


def test_a_row_that_does_not_say_whether_it_was_done_is_kept_as_not_done():
    take(row(UnitFactory(), state=None))

    item = RectificationItem.objects.get()
    assert (item.state, item.imported_state) == ("in_progress", "")


def test_a_trial_changes_nothing_and_says_what_it_would():
    unit = UnitFactory()
    take(row(unit))

    assert take(row(unit, owner="罗军"), row(unit, text="超标准接待"), keep=False) == [CHANGED, NEW]

    assert [item.owner_name for item in RectificationItem.objects.all()] == ["金凯涛"]
    assert Entry.objects.filter(verb="ledger.imported").count() == 1


@pytest.mark.parametrize("role", Role)
def test_only_the_office_imports_a_ledger(role):
    rows = [row(UnitFactory())]
    user = contact_of(UnitFactory()) if role == Role.CONTACT else UserFactory(role=role)

    if role in {Role.DIRECTOR, Role.STAFF}:
        assert take(*rows, actor=user) == [NEW]
    else:
        with pytest.raises(Refused):
            take(*rows, actor=user)
        assert not RectificationItem.objects.exists()


def test_serials_go_on_after_findings_of_ours_and_those_are_never_taken_for_old_ones():
    ours = FindingFactory(fact="白条入账3笔", round_number=2, serial=4)

    assert take(row(ours.unit)) == [NEW]

    assert set(Finding.objects.values_list("serial", "imported")) == {(4, False), (5, True)}


def test_an_import_is_one_entry_with_its_counts():
    unit = UnitFactory()
    take(row(unit))

    take(row(unit), row(unit, text="超标准接待"))

    details = [e.details for e in Entry.objects.filter(verb="ledger.imported").order_by("position")]
    counts = {"new": 1, "changed": 0, "unchanged": 1, "refused": 0}
    assert details[1] == {"operator": "", "sha256": "ab", **counts}


def test_a_long_ledger_costs_no_more_queries_for_each_row(django_assert_max_num_queries):
    unit = UnitFactory()
    rows = [row(unit, text=f"问题{n}") for n in range(300)]

    with django_assert_max_num_queries(20):
        take(*rows)
