"""The text of stored files: read once for the same bytes, kept or refused, erased with them."""

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone, translation

from tanzhao.documents.actions import (
    erase_content,
    keep_prints,
    keep_typed_text,
    read_texts_of,
    store_file,
)
from tanzhao.documents.models import FileText
from tanzhao.documents.reading_words import words_of
from tanzhao.documents.states import EVIDENCE_KINDS, HANDED_IN_KINDS, FileKind
from tanzhao.engines.likeness.extract import Unreadable
from tanzhao.kernel.verdict import Refused
from tests.documents import samples
from tests.factories import NOON, StoredFileFactory, UserFactory

pytestmark = pytest.mark.django_db
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def _stored(content, name="纪要.txt"):
    return store_file(file=content, name=name, actor=UserFactory(), at=NOON, kinds=HANDED_IN_KINDS)


def _read(*files, **values):
    read_texts_of(files=files, clock=timezone.now, **values)


def test_the_same_bytes_are_read_once_whoever_stored_them():
    first, second = _stored("会议纪要：同意。".encode()), _stored("会议纪要：同意。".encode())

    _read(first)
    kept = FileText.objects.get()
    _read(first, second)

    again = FileText.objects.get()
    assert (again.pk, again.read_at) == (kept.pk, kept.read_at)
    assert (kept.text.strip(), kept.kind, kept.how) == ("会议纪要：同意。", "txt", "layer")
    assert kept.parts[0][0] == 0


def test_a_file_that_cannot_be_read_says_why_in_the_language_of_the_reader():
    broken = _stored(b"%PDF-1.7\n" + bytes(range(256)) * 20, "坏.pdf")

    _read(broken)

    text = FileText.objects.get()
    assert (text.state, text.text) == ("refused", "")
    with translation.override("en"):
        sentence = words_of(Unreadable(text.reason, text.reason_values))
    assert sentence.endswith(".")


def test_what_could_not_be_read_is_tried_again_when_asked_and_only_then():
    broken = _stored(b"%PDF-1.7\n" + bytes(range(256)) * 20, "坏.pdf")
    _read(broken)
    first = FileText.objects.get().read_at

    _read(broken)
    assert FileText.objects.get().read_at == first
    _read(broken, again=True)
    assert FileText.objects.get().read_at > first


def test_reading_stops_between_files_when_it_is_asked_to():
    files = [_stored(f"第{n}份，内容不同。".encode()) for n in range(3)]

    _read(*files, is_stopped=lambda: True)

    assert FileText.objects.count() == 1


def test_erasing_a_file_erases_its_text_unless_another_has_the_same_bytes():
    first, second = _stored("同一份纪要。".encode()), _stored("同一份纪要。".encode())
    _read(first)
    keep_prints(text=FileText.objects.get(), prints=b"12", made_with="x")

    erase_content(stored=first)
    assert FileText.objects.get().prints == b"12"
    erase_content(stored=second)

    assert not FileText.objects.exists()
    _read(first, second)  # nothing is left to be read
    assert not FileText.objects.exists()


def test_a_file_that_is_erased_while_it_is_read_leaves_no_text(monkeypatch):
    stored = _stored("正在读取的纪要。".encode())

    def erased_meanwhile(files):
        found = list(files)
        erase_content(stored=stored)
        from tanzhao.engines.likeness.texts import Extracted

        yield found[0], Extracted("正在读取的纪要。", (), "txt", 1.0)

    monkeypatch.setattr("tanzhao.documents.actions.texts.texts_in", erased_meanwhile)

    _read(stored)

    assert not FileText.objects.exists()


def test_a_file_whose_disk_is_away_is_not_held_against_it():
    away = StoredFileFactory(content=ContentFile(b"x", name="a.txt"))
    away.content.storage.delete(away.content.name)

    _read(away)

    assert not FileText.objects.exists()


def test_a_typed_text_is_kept_once_and_never_with_what_no_database_takes():
    first = keep_typed_text(text="逐笔\x00核对\ud800。", at=NOON)
    second = keep_typed_text(text="逐笔\x00核对\ud800。", at=NOON)

    assert first == second
    assert FileText.objects.get().text == "逐笔\ufffd核对\ufffd。"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("说明.txt", "一段话".encode("gb18030"), FileKind.TEXT),
        ("方案.wps", OLE + "WordDocument\0".encode("utf-16-le"), FileKind.DOC),
        ("方案.doc", OLE + "WordDocument\0".encode("utf-16-le"), FileKind.DOC),
        ("台账.xls", OLE + "Workbook\0".encode("utf-16-le"), FileKind.XLS),
    ],
)
def test_units_hand_in_what_their_offices_write_and_evidence_of_a_paper_stays_as_it_was(
    name, content, kind
):
    stored = _stored(content, name)

    assert stored.content.name.endswith(f".{kind.value}")
    assert stored.name == name
    with pytest.raises(Refused):
        store_file(file=content, name=name, actor=UserFactory(), at=NOON, kinds=EVIDENCE_KINDS)


def test_an_old_document_with_macros_is_refused():
    macros = OLE + "WordDocument\0".encode("utf-16-le") + "_VBA_PROJECT\0".encode("utf-16-le")

    with pytest.raises(Refused):
        _stored(macros, "方案.doc")

    assert _stored(samples.word(), "方案.docx")
