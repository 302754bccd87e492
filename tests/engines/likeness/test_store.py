"""The store: however documents get in and out, it holds what one scan of them gives."""

import json
import multiprocessing
import shutil

import numpy as np
import pyarrow.parquet as pq
import pytest

from tanzhao.engines.likeness import compare_with, prints_of, scan
from tanzhao.engines.likeness.keeping import adding
from tanzhao.engines.likeness.keeping.adding import By, add
from tanzhao.engines.likeness.keeping.forgetting import forget
from tanzhao.engines.likeness.keeping.locking import alone
from tanzhao.engines.likeness.keeping.looking_up import KnownDocuments
from tanzhao.engines.likeness.settings import Settings
from tanzhao.engines.likeness.store import NoStore, open_store
from tanzhao.engines.likeness.texts import Extracted, Part
from tests.engines.likeness.generator import make_corpus

# A cap that a hundred papers come to meet.
SETTINGS = Settings(cap=8, few=3)
CORPUS = make_corpus(7, 100, cap=8)
BY = By(SETTINGS, CORPUS.allowed, CORPUS.templates, "county 2026.1")
KEYS = tuple(CORPUS.documents)


def papers(keys=KEYS):
    for key in keys:
        text = CORPUS.documents[key]
        second = text.find("\n") + 1
        parts = (Part(0, 1, 1), Part(second, 1, 2)) if second else (Part(0, 1, 1),)
        yield key, Extracted(text, parts, "docx", 1.0)


def scanned(keys=KEYS):
    documents = {key: CORPUS.documents[key] for key in keys}
    return scan(documents, SETTINGS, allowed=CORPUS.allowed, templates=CORPUS.templates)


def prints_in(store):
    """Give every print with the document it stands in, whatever batch it is in."""
    order = {}
    for batch in store.batches:
        rows = pq.read_table(store.file("documents", batch.name)).to_pylist()
        order |= {row["owner"]: row["key"] for row in rows}
    found = []
    for batch in store.batches:
        rows = pq.read_table(store.file("prints", batch.name))
        hashes = rows["hash"].to_pylist()
        assert hashes == sorted(hashes)
        owners = [order[owner] for owner in rows["owner"].to_pylist()]
        found += zip(hashes, owners, rows["start"].to_pylist(), rows["end"].to_pylist(),
                     strict=True)  # fmt: skip
    return sorted(found)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """All papers, added at once."""
    folder = tmp_path_factory.mktemp("likeness") / "whole"
    return folder, add(folder, papers(), BY)


def test_what_is_added_at_once_is_what_a_scan_finds_and_lies_in_the_files(whole):
    folder, added = whole
    found = scanned()

    assert len(found.pairs) > 20
    assert found.common
    assert added.pairs == KnownDocuments(open_store(folder)).pairs() == found.pairs
    assert added.common == found.common
    known = KnownDocuments(added.store)
    assert list(known.texts()) == list(papers())
    assert known.keys == KEYS
    assert prints_in(added.store) == sorted(
        (int(hash_), key, int(start), int(end))
        for key, text in CORPUS.documents.items()
        for hash_, start, end in zip(*prints_of(text, SETTINGS), strict=True)
    )


def test_one_by_one_and_in_batches_gives_the_same_store_as_at_once(whole, tmp_path):
    _folder, at_once = whole
    first, rest = KEYS[:76], KEYS[76:]

    add(tmp_path / "one", papers(first), BY)
    for key in rest:
        one_by_one = add(tmp_path / "one", papers([key]), BY, scan_from=0)
    add(tmp_path / "batches", papers(first[:60]), BY)
    add(tmp_path / "batches", papers(first[60:]), BY, scan_from=0)
    batches = add(tmp_path / "batches", papers(rest), BY)

    for other in (one_by_one, batches):
        known = KnownDocuments(other.store)
        assert known.pairs() == at_once.pairs
        assert prints_in(other.store) == prints_in(at_once.store)
        assert list(known.texts()) == list(papers())
    # So many additions do not leave as many files to look into.
    assert len(one_by_one.store.batches) <= 4


def test_a_forgotten_document_leaves_no_trace_and_the_others_as_if_it_had_never_been(tmp_path):
    gone = [pair.left for pair in scanned().pairs[:2]]
    left = [key for key in KEYS if key not in gone]
    add(tmp_path / "store", papers(KEYS[:70]), BY)
    add(tmp_path / "store", papers(KEYS[70:]), BY)

    store = forget(tmp_path / "store", [*gone, "not there"], BY)

    assert KnownDocuments(store).pairs() == scanned(left).pairs
    assert list(KnownDocuments(store).texts()) == list(papers(left))
    assert {key for _hash, key, _start, _end in prints_in(store)} == set(left)
    for file in (tmp_path / "store").rglob("*.parquet"):
        names = pq.read_schema(file).names
        for name in {"key", "left", "right"} & set(names):
            assert not set(pq.read_table(file)[name].to_pylist()) & set(gone)
    # Its name is free again, and its place at the end.
    again = add(tmp_path / "store", papers(gone[:1]), BY)
    assert KnownDocuments(again.store).keys[-1] == gone[0]


@pytest.mark.parametrize("at_once", [True, False])
def test_many_are_forgotten_and_their_wording_counts_for_more_again(whole, tmp_path, at_once):
    # Every third paper: wording of more papers than `cap` comes to be that of `few`.
    gone, left = KEYS[::3], [key for number, key in enumerate(KEYS) if number % 3]
    folder = shutil.copytree(whole[0], tmp_path / "store")

    for keys in [gone] if at_once else [gone[at : at + 6] for at in range(0, len(gone), 6)]:
        store = forget(folder, keys, BY)

    assert KnownDocuments(store).pairs() == scanned(left).pairs
    assert list(KnownDocuments(store).texts()) == list(papers(left))
    assert {key for _hash, key, _start, _end in prints_in(store)} == set(left)


def test_forgetting_that_is_broken_off_has_forgotten_nothing(whole, tmp_path, monkeypatch):
    folder = shutil.copytree(whole[0], tmp_path / "store")
    before = KnownDocuments(open_store(folder)).pairs()

    with monkeypatch.context() as patched:
        patched.setattr(adding, "write_store", lambda _store: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            forget(folder, KEYS[:3], BY)

    assert KnownDocuments(open_store(folder)).keys == KEYS
    assert KnownDocuments(open_store(folder)).pairs() == before
    store = forget(folder, KEYS[:3], BY)
    named = {file.stem for file in folder.rglob("*.parquet")}
    assert named == {*(batch.name for batch in store.batches), f"{store.changes:06}"}
    assert forget(folder, KEYS[3:], BY).batches == ()


def test_the_same_documents_give_the_same_bytes_and_the_folder_can_be_moved(whole, tmp_path):
    folder, _added = whole

    add(tmp_path / "again", papers(), BY)
    moved = shutil.copytree(folder, tmp_path / "elsewhere")

    files = sorted(file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    for file in files:
        assert (tmp_path / "again" / file).read_bytes() == (folder / file).read_bytes(), file
    known = KnownDocuments(open_store(moved))
    assert known.text(KEYS[5]) == CORPUS.documents[KEYS[5]]


def test_a_crash_leaves_the_store_as_it_was_and_nothing_behind(tmp_path, monkeypatch):
    folder = tmp_path / "store"
    add(folder, papers(KEYS[:20]), BY)
    before = {file: file.read_bytes() for file in folder.rglob("*.parquet")}

    def crash(_store):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(adding, "write_store", crash)
        with pytest.raises(KeyboardInterrupt):
            add(folder, papers(KEYS[20:30]), BY)

    assert open_store(folder).documents == 20
    assert KnownDocuments(open_store(folder)).keys == KEYS[:20]
    assert len(list(folder.rglob("*.parquet"))) > len(before)  # what the crash left
    add(folder, papers([KEYS[0]]), BY)  # known already: nothing is added
    assert {file: file.read_bytes() for file in folder.rglob("*.parquet")} == before


def _hold(folder, held, go_on):
    with alone(folder):
        held.set()
        go_on.wait(60)


def test_who_comes_second_while_somebody_adds_is_refused(tmp_path):
    folder = tmp_path / "store"
    context = multiprocessing.get_context("spawn")
    held, go_on = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(folder, held, go_on))
    other.start()
    assert held.wait(60)

    with pytest.raises(NoStore) as refused:
        add(folder, papers(KEYS[:2]), BY)
    assert refused.value.code == "busy"
    # A lock ends with its process, even with one that is killed.
    other.kill()
    other.join()
    assert add(folder, papers(KEYS[:2]), BY).keys == KEYS[:2]


def test_other_settings_other_wording_other_formats_and_other_folders_are_refused(tmp_path):
    folder = tmp_path / "store"
    add(folder, papers(KEYS[:2]), BY)
    refused = {}
    for name, by in {
        "settings": By(Settings(), BY.allowed, BY.templates),
        "allowed": By(SETTINGS, (), BY.templates),
        "templates": By(SETTINGS, BY.allowed, {"a": "b"}),
    }.items():
        with pytest.raises(NoStore) as error:
            add(folder, papers(KEYS[2:3]), by)
        refused[name] = (error.value.code, error.value.values.get("names"))
    (tmp_path / "other").mkdir()
    (tmp_path / "other/letter.docx").write_bytes(b"")
    with pytest.raises(NoStore) as error:
        add(tmp_path / "other", papers(KEYS[:1]), BY)
    refused["other"] = (error.value.code, None)
    body = json.loads((folder / "store.json").read_text("utf-8"))
    (folder / "store.json").write_text(json.dumps(body | {"format": 2}), "utf-8")
    with pytest.raises(NoStore) as error:
        add(folder, papers(KEYS[2:3]), BY)
    refused["format"] = (error.value.code, None)

    assert refused == {
        "settings": ("other_settings", "cap, few"),
        "allowed": ("other_wording", None),
        "templates": ("other_wording", None),
        "other": ("no_store", None),
        "format": ("other_format", None),
    }
    assert [file.name for file in (tmp_path / "other").iterdir()] == ["letter.docx"]


def test_a_name_stands_for_one_text(tmp_path):
    add(tmp_path / "store", papers(KEYS[:2]), BY)
    other = Extracted("另一份报告的全文。", (), "docx", 1.0)

    added = add(tmp_path / "store", [*papers(KEYS[:1]), (KEYS[1], other), *papers(KEYS[2:3])], BY)

    assert (added.keys, added.already, added.clashing) == (KEYS[2:3], KEYS[:1], KEYS[1:2])
    assert KnownDocuments(added.store).text(KEYS[1]) == CORPUS.documents[KEYS[1]]


def test_only_groups_of_prints_that_may_hold_one_are_read(whole, monkeypatch):
    _folder, added = whole
    read = []
    plainly = pq.ParquetFile.read_row_groups
    monkeypatch.setattr(
        pq.ParquetFile,
        "read_row_groups",
        lambda file, groups, **more: read.extend(groups) or plainly(file, groups, **more),
    )
    known = KnownDocuments(added.store)
    every = np.unique([one[0] for one in prints_in(added.store)])

    found = known.postings(every[7:8])

    of_all = -(-added.store.batches[0].prints // 2048)
    assert len(read) <= 2 < of_all
    assert set(found.hashes.tolist()) == {int(every[7])}
    assert len(known.postings(every[7:9]).hashes) > 0
    # What was asked before is not read again.
    read.clear()
    known.postings(every[7:9])
    assert read == []


def test_one_document_is_compared_with_a_store_as_with_a_scan(whole):
    _folder, added = whole
    key = added.pairs[0].left
    text = CORPUS.documents[key]

    found = compare_with(
        KnownDocuments(added.store), key, text, SETTINGS,
        allowed=CORPUS.allowed, templates=CORPUS.templates,
    )  # fmt: skip

    mine = [pair for pair in added.pairs if key in (pair.left, pair.right)]
    assert [pair for pair in found.pairs if key in (pair.left, pair.right)] == mine != []
