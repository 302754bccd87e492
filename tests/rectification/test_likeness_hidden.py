"""What nobody sees in a file was compared with nothing: whoever relies on its text is told."""

import datetime as dt
import io

import pytest
import xlsxwriter
from django.test import Client
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.documents.models import FileText
from tanzhao.rectification.actions import claim_done, keep_wording
from tanzhao.rectification.models import Likeness, Writing
from tanzhao.rectification.queries.likeness import writings_apart
from tanzhao.rectification.states import State, WordingKind
from tests.factories import NOON, StoredFileFactory, UserFactory, contact_of
from tests.rectification.factories import FileTextFactory
from tests.rectification.likeness_makers import REPORT, hand_in
from tests.rectification.likeness_rows import file_writing
from tests.rectification.makers import item_in

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=1)
HIDDEN = "隐藏行 2 行；隐藏的工作表 1 个"


def ledger(*, shown=REPORT, hidden=("照抄别家的一段。", "又一段。")):
    """Make a workbook of these lines, with two hidden rows and a hidden sheet."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("台账")
        lines = shown.split("\n")
        sheet.write_column(0, 0, [*lines, *hidden])
        for row in range(len(lines), len(lines) + len(hidden)):
            sheet.set_row(row, None, None, {"hidden": True})
        old = book.add_worksheet("上年")
        old.write(0, 0, "上年台账")
        old.hide()
    return made.getvalue()


def page_for(user, name, *keys):
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"rectification:{name}", args=keys))


@pytest.fixture
def alike():
    """A unit hands in a workbook that hides rows; what it shows is another unit's report."""
    first, second = item_in(State.IN_PROGRESS), item_in(State.IN_PROGRESS)
    hand_in(first, REPORT)
    hand_in(second, "见附表。", (ledger(), "整改台账.xlsx"), at=LATER)
    return Likeness.objects.get()


def test_what_was_left_out_of_a_text_is_kept_with_it(alike):
    text = FileText.objects.get(sha256=alike.later.sha256)

    assert text.left_out == {"hidden_rows": 2, "hidden_sheets": 1}
    assert "照抄别家" not in text.text
    assert FileText.objects.get(sha256=alike.earlier.sha256).left_out == {}


def test_whoever_reads_both_side_by_side_is_told_beside_the_text_that_hides_something(alike):
    said = page_for(UserFactory(role=Role.DIRECTOR), "likeness", alike.pk).content.decode()

    assert said.count(HIDDEN) == 1
    assert said.index("整改台账.xlsx") < said.index(HIDDEN)


def test_whoever_decides_about_an_item_is_told_even_where_nothing_is_alike():
    item = item_in(State.IN_PROGRESS)
    contact = contact_of(item.unit)
    hand_in(item, "见附表。", (ledger(shown="本单位自己写的。"), "整改台账.xlsx"))
    claim_done(item_id=item.pk, actor=contact, at=LATER, text="已办结。", evidence=[])
    assert not Likeness.objects.exists()

    said = page_for(UserFactory(role=Role.DIRECTOR), "item", item.pk).content.decode()
    to_the_unit = page_for(contact, "item", item.pk).content.decode()

    assert said.count(HIDDEN) == 2  # at the decision, and among what is alike
    assert said.index('class="hint question"') < said.index(HIDDEN) < said.index("</textarea>")
    assert "整改台账.xlsx" in to_the_unit
    assert HIDDEN not in to_the_unit


def test_a_workbook_that_shows_nothing_at_all_says_that_it_hides_everything():
    item = item_in(State.IN_PROGRESS)
    hand_in(item, "见附表。", (ledger(shown=""), "空台账.xlsx"))

    (apart,) = writings_apart(item, UserFactory(role=Role.DIRECTOR))

    assert (apart.writing.state, apart.hidden) == ("unreadable", "")
    assert apart.problem
    assert FileText.objects.get(sha256=apart.writing.sha256).reason == "all_hidden"


def test_questions_cost_the_same_however_many_files_hide_something(django_assert_max_num_queries):
    item, reader = item_in(State.IN_PROGRESS), UserFactory(role=Role.DIRECTOR)
    for name in ("一", "二", "三"):
        own = file_writing(item, name, f"{name}：逐笔核对。")
        FileText.objects.filter(sha256=own.sha256).update(left_out={"hidden_text": 24})

    with django_assert_max_num_queries(2):
        apart = writings_apart(item, reader)

    assert [one.hidden for one in apart] == ["隐藏文字 24 字"] * 3


def test_who_keeps_a_template_from_a_file_sees_what_of_it_does_not_count():
    office = UserFactory(role=Role.DIRECTOR)
    kept = StoredFileFactory()
    keep_wording(kind=WordingKind.TEMPLATE, title="台账范本", text=REPORT, actor=office, at=NOON)
    wording = Writing.objects.get(title="台账范本").kept
    wording.text, wording.file, wording.sha256 = "", kept, kept.sha256
    wording.save()
    FileTextFactory(sha256=kept.sha256, left_out={"hidden_columns": 1})

    said = page_for(office, "wordings").content.decode()

    assert said.count("隐藏列 1 列") == 1
