import hashlib
import io

import pytest
from django.utils import translation

from tanzhao.audit.models import Entry
from tanzhao.documents.actions import (
    Outcome,
    begin_run,
    carry_out,
    fail_run,
    finish_run,
    start_run,
    store_file,
)
from tanzhao.documents.models import StoredFile
from tanzhao.documents.states import ANY_KIND, EVIDENCE_KINDS, FileKind, RunKind, RunState
from tanzhao.kernel.verdict import Refused
from tests.documents import samples
from tests.factories import NOON, StoredFileFactory, UserFactory

pytestmark = pytest.mark.django_db

TAKEN = {
    "凭证.pdf": (samples.pdf(), FileKind.PDF, "凭证.pdf"),
    "照片.png": (samples.image("PNG"), FileKind.PNG, "照片.png"),
    "照片.JPG": (samples.image("JPEG"), FileKind.JPEG, "照片.JPG"),
    "图.gif": (samples.image("GIF"), FileKind.GIF, "图.gif"),
    "图.webp": (samples.image("WEBP"), FileKind.WEBP, "图.webp"),
    "扫描.tif": (samples.image("TIFF"), FileKind.TIFF, "扫描.tif"),
    "纪要.docx": (samples.word(), FileKind.DOCX, "纪要.docx"),
    "台账.xlsx": (samples.workbook(), FileKind.XLSX, "台账.xlsx"),
    "纪要.pdf": (samples.word(), FileKind.DOCX, "纪要.docx"),
    "没有后缀": (samples.pdf(), FileKind.PDF, "没有后缀.pdf"),
    "3.2接待费": (samples.pdf(), FileKind.PDF, "3.2接待费.pdf"),
    "C:\\桌面\\图.png": (samples.image(), FileKind.PNG, "图.png"),
    "../../etc/x.png": (samples.image(), FileKind.PNG, "x.png"),
}
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
VBA = "xl/vbaProject.bin"
REFUSED = {
    "程序.pdf": (b"MZ\x90\x00" + bytes(200), "program"),
    "脚本.png": (b"#!/bin/sh\nrm -rf /\n", "program"),
    "空.pdf": (b"", "empty"),
    "宏.xlsx": (samples.with_part(samples.workbook(), VBA, b"x"), "macros"),
    "宏.docx": (samples.with_part(samples.word(), "word/vbaProject.bin", b"x"), "macros"),
    "断.docx": (samples.word()[:-400], "damaged"),
    "密.xlsx": (OLE + bytes(600) + "EncryptedPackage\0".encode("utf-16-le"), "password"),
    "包.zip": (samples.archive(), "not one of"),
    "包.docx": (samples.archive(), "not one of"),
    "说明.pdf": ("只是文字".encode(), "not one of"),
    "页面.pdf": (b"<html><script>alert(1)</script></html>", "not one of"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_file_is_stored_as_what_its_content_is(name):
    content, kind, called = TAKEN[name]

    stored = store_file(file=content, name=name, actor=UserFactory(), at=NOON, kinds=EVIDENCE_KINDS)

    stored.refresh_from_db()
    assert stored.name == called
    assert stored.content.name.endswith(f".{kind.value}")
    with stored.content.open() as file:
        assert file.read() == content
    assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_evidence_is_refused_in_one_sentence(name):
    content, word = REFUSED[name]

    with translation.override("en"), pytest.raises(Refused) as refusal:
        store_file(file=content, name=name, actor=UserFactory(), at=NOON, kinds=EVIDENCE_KINDS)

    assert name in refusal.value.reason
    assert word in refusal.value.reason
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", "名称,金额\n甲,1\n".encode("gb18030"), FileKind.CSV),
        ("a.txt", "一段话".encode(), FileKind.TEXT),
        ("a.zip", samples.archive(), FileKind.ZIP),
        (
            "a.xls",
            OLE + "Workbook\0".encode("utf-16-le"),
            FileKind.XLS,
        ),
    ],
)
def test_plain_files_are_taken_only_where_the_caller_wants_them(name, content, kind):
    values = {"file": content, "name": name, "actor": UserFactory(), "at": NOON}

    with pytest.raises(Refused):
        store_file(**values, kinds=EVIDENCE_KINDS)
    stored = store_file(**values, kinds=frozenset({kind}))

    assert stored.name == name


def test_an_importer_stores_anything_but_nothing_empty_or_too_large():
    values = {"name": "a.xlsx", "actor": UserFactory(), "at": NOON, "kinds": ANY_KIND}

    store_file(**values, file=samples.word()[:100])
    with pytest.raises(Refused):
        store_file(**values, file=b"")
    with pytest.raises(Refused):
        store_file(**values, file=b"123456", most_bytes=5)

    assert StoredFile.objects.count() == 1


def test_the_size_limit_counts_every_byte(settings):
    settings.MAX_EVIDENCE_BYTES = len(samples.pdf())
    values = {"name": "a.pdf", "actor": UserFactory(), "at": NOON, "kinds": EVIDENCE_KINDS}

    assert store_file(**values, file=io.BytesIO(samples.pdf()))
    with pytest.raises(Refused):
        store_file(**values, file=io.BytesIO(samples.pdf() + b"\n"))


def _run(**values):
    return start_run(kind=RunKind.REPORT_MAKE, actor=UserFactory(), at=NOON, **values)


def test_a_run_goes_from_start_to_result_and_is_in_the_trail():
    run = _run(subject_name="水利局", source=StoredFileFactory())
    made = StoredFileFactory()

    begin_run(run_id=run.pk)
    finish_run(run_id=run.pk, at=NOON, made=made, result={"next": "/findings/"})

    run.refresh_from_db()
    assert (run.state, run.made, run.finished_at) == (RunState.DONE, made, NOON)
    assert run.result == {"next": "/findings/"}
    assert [entry.verb for entry in Entry.objects.all()] == ["run.started", "run.finished"]


def test_a_run_that_ended_is_not_begun_ended_or_failed_again():
    run = _run()
    finish_run(run_id=run.pk, at=NOON)

    assert begin_run(run_id=run.pk) is None
    with pytest.raises(Refused):
        finish_run(run_id=run.pk, at=NOON)
    fail_run(run_id=run.pk, at=NOON, problem="坏了")

    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.DONE, "")


def test_a_run_whose_worker_was_killed_is_begun_again():
    run = _run()

    assert begin_run(run_id=run.pk).state == RunState.RUNNING
    assert begin_run(run_id=run.pk).state == RunState.RUNNING


def test_work_done_twice_happens_once():
    run, done = _run(), []

    for _time in range(2):
        carry_out(run_id=run.pk, work=lambda run: done.append(run) or Outcome(), clock=lambda: NOON)

    assert done == [run]


@pytest.mark.parametrize(
    ("error", "kept"), [(Refused("第三行有误。"), "第三行有误。"), (ZeroDivisionError(), None)]
)
def test_work_that_fails_leaves_nothing_but_its_sentence(error, kept, caplog):
    run = _run()

    def work(run):
        StoredFileFactory()
        raise error

    carry_out(run_id=run.pk, work=work, clock=lambda: NOON)

    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert run.problem == kept if kept else run.problem
    assert not StoredFile.objects.exists()
    assert [entry.verb for entry in Entry.objects.all()] == ["run.started", "run.failed"]
