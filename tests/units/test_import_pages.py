"""From an untidy workbook to the register through the pages, for each kind of workbook."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from tanzhao.access.table import Role
from tanzhao.documents.models import Run
from tanzhao.inspectors.models import Inspector
from tanzhao.kernel.packs import SHIPPED
from tanzhao.rectification.models import RectificationItem
from tanzhao.units.models import Unit
from tests.factories import UnitFactory, UserFactory, contact_of

pytestmark = pytest.mark.django_db
SAMPLES = SHIPPED / "samples" / "lanshui"
UPLOADS = ("units:import", "inspectors:import", "rectification:import_ledger")


def book(*rows):
    made = Workbook()
    for row in rows:
        made.active.append(row)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


UNITS = book(
    ["岚水县巡察对象库"],
    ["序号", "单位名称", "类别", "党员数", "已巡察轮次", "巡察时间"],
    [1, "县审计局", "县直部门", "31名", "第二轮", "2022.3"],
    [2, "县民政局", "县直部门", "很多", "", ""],
    [3, "县审计局", "县直部门", 31, "", ""],
)


@pytest.fixture
def staff(sign_in):
    return sign_in(UserFactory(role=Role.STAFF, language="en"))


@pytest.fixture
def send(django_capture_on_commit_callbacks):
    """Post, and do at once what is put in the background."""

    def _send(client, address, data=None):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, data or {})

    return _send


@pytest.fixture
def read(send):
    def _read(client, content=UNITS, upload="units:import", name="对象库.xlsx"):
        answer = send(client, reverse(upload), {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 302, answer.content.decode()
        return Run.objects.latest("started_at")

    return _read


def preview_of(run):
    return reverse("units:import_preview", args=[run.pk])


def take_of(run):
    return reverse("units:import_take", args=[run.pk])


def test_the_preview_shows_headings_rows_and_faults_before_anything_is_written(staff, read):
    run = read(staff)

    page = staff.get(run.result["next"])

    assert not Unit.objects.exists()
    assert run.result["counts"] == {"new": 2, "changed": 0, "unchanged": 0, "refused": 1}
    context = page.context
    assert ("序号", "") in context["headings"]
    assert ("党员数", "Members") in context["headings"]
    first, second, third = context["page"].rows
    assert [c.text for c in first.cells if c.text] == ["县审计局", "县直部门", "31", "2", "2022-03"]
    assert [(c.label, [f.code for f in c.faults]) for c in second.cells if c.faults] == [
        ("Members", ["bad_number"])
    ]
    assert (third.number, third.outcome, [f.code for f in third.faults]) == (
        5, "refused", ["duplicate"]
    )  # fmt: skip
    text = page.content.decode()
    assert "“很多” is not a whole number that can be read." in text
    assert "“县审计局” is already listed in row 3." in text
    assert "Nothing has been written yet." in text


@pytest.mark.parametrize(
    ("show", "rows"), [("", [3, 4, 5]), ("new", [3, 4]), ("refused", [5]), ("doubtful", [4, 5])]
)
def test_the_rows_of_a_preview_can_be_narrowed(staff, read, show, rows):
    run = read(staff)

    page = staff.get(preview_of(run), {"show": show}).context["page"]

    assert [line.number for line in page.rows] == rows


def test_a_preview_is_taken_once_however_often_the_button_is_pressed(staff, read, send):
    run = read(staff)

    answers = {send(staff, take_of(run)).url for _time in range(3)}

    assert len(answers) == 1
    assert set(Unit.objects.values_list("name", flat=True)) == {"县审计局", "县民政局"}
    taking = Run.objects.get(kind="units.import")
    assert (taking.state, taking.result["counts"]["new"]) == ("done", 2)
    page = staff.get(taking.result["next"]).content.decode()
    assert "“很多” is not a whole number that can be read." in page
    assert "These rows have been imported" in staff.get(preview_of(run)).content.decode()


def test_the_same_file_again_has_nothing_to_import_and_a_changed_one_shows_old_and_new(
    staff, read, send
):
    send(staff, take_of(read(staff)))

    assert "There is nothing to import." in staff.get(preview_of(read(staff))).content.decode()
    changed = read(staff, book(["单位名称", "类别", "党员数"], ["县审计局", "县直部门", 40]))
    page = staff.get(preview_of(changed))

    assert changed.result["counts"] == {"new": 0, "changed": 1, "unchanged": 0, "refused": 0}
    (line,) = page.context["page"].rows
    assert [(c.before, c.text) for c in line.cells if c.before] == [("31", "40")]


def test_a_stale_preview_writes_nothing_and_says_so(staff, read, send):
    run = read(staff)
    UnitFactory(name="县民政局", category="县直部门")

    send(staff, take_of(run))

    assert set(Unit.objects.values_list("name", flat=True)) == {"县民政局"}
    failed = Run.objects.get(kind="units.import")
    assert failed.state == "failed"
    assert "1 new, 0 changed and 1 unchanged" in failed.problem
    assert failed.problem in staff.get(preview_of(run)).content.decode()
    again = send(staff, reverse("units:import_again", args=[run.pk]))
    assert again.status_code == 302
    fresh = Run.objects.filter(kind="units.read").latest("started_at")
    send(staff, take_of(fresh))
    assert set(Unit.objects.values_list("name", flat=True)) == {"县民政局", "县审计局"}


@pytest.mark.parametrize("upload", UPLOADS)
def test_a_wrong_file_is_refused_in_one_sentence(staff, read, send, upload):
    empty = staff.post(reverse(upload), {"file": SimpleUploadedFile("空.xlsx", b"")})
    none = staff.post(reverse(upload))
    damaged = read(staff, UNITS[:800], upload=upload)

    assert (empty.status_code, none.status_code) == (422, 422)
    assert "is empty" in str(empty.context["form"].errors["file"])
    assert "file" in none.context["form"].errors
    assert damaged.state == "failed"
    assert "cut off or damaged" in damaged.problem
    page = staff.get(reverse("documents:run", args=[damaged.pk])).content.decode()
    assert reverse(upload) in page


def test_the_sample_workbooks_go_through_the_pages_in_their_order(staff, read, send):
    books = ("巡察对象库.xlsx", "巡察人才库.xlsx", "整改台账.xlsx")
    for upload, name in zip(UPLOADS, books, strict=True):
        run = read(staff, (SAMPLES / name).read_bytes(), upload, name)
        assert staff.get(run.result["next"], {"after": "100"}).status_code == 200
        feature = upload.partition(":")[0]
        send(staff, reverse(f"{feature}:import_take", args=[run.pk]))
        done = Run.objects.get(subject_id=run.pk)
        assert (done.state, staff.get(done.result["next"]).status_code) == ("done", 200)

    counts = [model.objects.count() for model in (Unit, Inspector, RectificationItem)]
    assert counts == [232, 96, 321]


def test_id_numbers_are_masked_in_a_preview(staff, read, send):
    number = "620624198707039570"
    run = read(
        staff,
        book(["姓名", "性别", "出生年月", "身份证号"], ["蒋俊欢", "男", "1987.7", number]),
        "inspectors:import",
    )

    page = staff.get(run.result["next"]).content.decode()

    assert number not in page
    assert "620624***********0" in page


def test_the_list_of_faults_can_be_taken_away(staff, read):
    run = read(staff)

    answer = staff.get(reverse("units:import_faults", args=[run.pk]))

    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert [row[1:3] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        (4, "党员数"),
        (5, "单位名称"),
    ]


STEPS = ("import_preview", "import_take", "import_again", "import_faults")


def test_nobody_sees_or_takes_what_another_has_read(staff, read, sign_in):
    run = read(staff)
    other = sign_in(UserFactory(role=Role.STAFF))

    for step in STEPS:
        address = reverse(f"units:{step}", args=[run.pk])
        posts = step in {"import_take", "import_again"}
        assert (other.post if posts else other.get)(address).status_code == 404
    assert not Unit.objects.exists()
    assert Run.objects.count() == 1


@pytest.mark.parametrize("role", set(Role) - {Role.DIRECTOR, Role.STAFF})
@pytest.mark.parametrize("upload", UPLOADS)
def test_other_roles_do_not_import(sign_in, role, upload):
    user = contact_of(UnitFactory()) if role == Role.CONTACT else UserFactory(role=role)
    client = sign_in(user)

    answers = [
        client.get(reverse(upload)),
        client.post(reverse(upload), {"file": SimpleUploadedFile("a.xlsx", UNITS)}),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert not Run.objects.exists()


def test_what_was_exported_can_be_imported_again_and_changes_nothing(sign_in, read, send):
    client = sign_in(UserFactory(role=Role.STAFF))
    for upload, name in zip(UPLOADS[:2], ("巡察对象库.xlsx", "巡察人才库.xlsx"), strict=True):
        run = read(client, (SAMPLES / name).read_bytes(), upload, name)
        send(client, reverse(f"{upload.partition(':')[0]}:import_take", args=[run.pk]))

        answer = client.get(reverse(f"{upload.partition(':')[0]}:export"))
        again = read(client, b"".join(answer.streaming_content), upload)

        counts = again.result["counts"]
        assert (counts["new"], counts["changed"], counts["refused"]) == (0, 0, 0)
        assert counts["unchanged"] == run.result["counts"]["new"]
