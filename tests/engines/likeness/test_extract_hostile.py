"""Whatever comes from outside costs one sentence at most: no hang, no traceback, no memory here."""

import os
import signal
import tracemalloc
from pathlib import Path

import pytest

from tanzhao.documents.reading_words import KINDS, OTHERS, REFUSED, words_of
from tanzhao.engines.likeness.extract import CODES, Limits, Unreadable, extract_file, extract_files
from tanzhao.engines.likeness.extract.children import Reader
from tests.engines.likeness.hostile_packages import GOOD, packages
from tests.engines.likeness.hostile_streams import streams
from tests.engines.likeness.office_files import docx, paragraph

FILES = packages() | streams()
LIMITS = Limits(
    most_bytes=8 << 20,
    most_unpacked_bytes=64 << 20,
    most_characters=400_000,
    seconds=8,
    memory_bytes=800 << 20,
    programs=False,
    ocr=False,
)
MOST_HERE = 12 << 20  # bytes of memory of this process, while all of them are read


def code_of(read):
    return read.code if isinstance(read, Unreadable) else "read"


def fault_of(name, read):
    """Say what is wrong with the answer for a file; "" if nothing is."""
    if code_of(read) not in FILES[name][1].split():
        return f"{read!r:.200}"
    if not isinstance(read, Unreadable):
        whole = "巡察" in read.text and "\0" not in read.text
        return "" if whole and read.text.encode() else f"{read.text!r:.200}"
    if set(read.values) != CODES[read.code] or "%" in words_of(read):
        return f"{read.values}"
    return "" if read.values.get("kind", "") in KINDS | OTHERS else read.values["kind"]


# One test for all, so that they are read once however many workers there are.
def test_a_hostile_file_is_read_or_refused_in_a_sentence(tmp_path):
    paths = [tmp_path / name for name in FILES]
    for path in paths:
        path.write_bytes(FILES[path.name][0])
    tracemalloc.start()

    found = list(extract_files(iter(paths), limits=LIMITS, workers=2))

    _now, most_here = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(FILES) > 140
    assert [path for path, _read in found] == paths
    faults = {path.name: fault for path, read in found if (fault := fault_of(path.name, read))}
    assert faults == {}
    assert most_here < MOST_HERE


def test_every_code_has_its_sentence():
    assert set(REFUSED) == set(CODES)
    for code, names in CODES.items():
        told = words_of(Unreadable(code, dict.fromkeys(names, 7)))
        assert all(f"%({name})" in REFUSED[code] for name in names), code
        assert "%(" not in told
    assert words_of(Unreadable("damaged", {"kind": "pdf"})) != words_of(
        Unreadable("damaged", {"kind": "docx"})
    )


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.docx"
    path.write_bytes(GOOD)
    return path


def refused(path, limits=LIMITS):
    with pytest.raises(Unreadable) as caught:
        extract_file(path, limits=limits)
    return caught.value.code


def test_what_is_no_file_is_refused(tmp_path, good):
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    (tmp_path / "device").symlink_to("/dev/zero")
    (tmp_path / "link.docx").symlink_to(good)
    os.mkfifo(tmp_path / "pipe")
    names = ["nothing", "circle", "device", "pipe", ".", "a\0b", "x" * 300]

    found = [code_of(read) for _p, read in extract_files([tmp_path / n for n in names])]

    assert found == [
        "missing", "missing", "not_a_file", "not_a_file", "not_a_file", "missing", "missing",
    ]  # fmt: skip
    assert extract_file(tmp_path / "link.docx").kind == "docx"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_a_file_without_permission_is_refused(good):
    good.chmod(0)

    assert refused(good) == "no_permission"


def test_names_do_not_matter(tmp_path, good):
    odd = tmp_path / os.fsdecode("报告\n\udcff'\"$(x).exe".encode("utf-8", "surrogateescape"))
    good.rename(odd)

    assert extract_file(odd).kind == "docx"


def test_a_file_that_grows_is_read_as_far_as_it_may_be(tmp_path):
    growing = tmp_path / "growing.txt"
    growing.write_text("甲" * 100, "utf-8")
    os.truncate(growing, 1 << 40)  # a hole: it takes no room

    assert refused(growing) == "too_large"


def test_a_child_that_computes_for_ever_is_ended(tmp_path, good):
    slow = tmp_path / "slow.docx"
    slow.write_bytes(docx(paragraph("") * 1_000_000))
    limits = Limits(seconds=0, ocr=False, most_unpacked_bytes=1 << 30)

    reads = dict(extract_files([good, slow, good], limits=limits, workers=1))

    assert reads[slow] == Unreadable("too_slow", {"seconds": 0})
    assert code_of(reads[good]) == "read"


def test_a_child_that_takes_all_memory_is_ended(tmp_path, good):
    hungry = tmp_path / "hungry.txt"
    hungry.write_bytes(b"a" * (90 << 20))
    limits = Limits(memory_bytes=150 << 20, ocr=False)
    paths = [good, hungry, good]
    reads = [read for _path, read in extract_files(paths, limits=limits, workers=1)]

    assert reads[1] == Unreadable("too_hungry", {"most": "150 MB"})
    assert reads[0] == reads[2] == extract_file(good)


def test_a_child_that_does_nothing_is_ended_and_another_takes_its_place(good):
    reader = Reader(Limits(waiting_seconds=1, ocr=False))
    first = in_the_end(reader, good)
    os.kill(reader.child.pid, signal.SIGSTOP)

    second = reader.read(good)
    third = in_the_end(reader, good)
    reader.end()

    assert second == Unreadable("stuck", {"seconds": 1})
    assert first == third
    assert code_of(first) == "read"


def in_the_end(reader, path):
    """Read; on a machine that is very busy a second may pass before a child begins."""
    for _time in range(20):
        read = reader.read(path)
        if code_of(read) != "stuck":
            break
    return read


def test_what_a_child_read_before_costs_the_next_file_nothing(good):
    reader = Reader(Limits(ocr=False))
    first = reader.read(good)
    os.kill(reader.child.pid, signal.SIGSEGV)

    assert reader.read(good) == first
    reader.end()


def test_whoever_stops_asking_leaves_no_child_behind(good):
    others = set(children())  # a Spark cluster of other tests, say
    answers = extract_files(iter([good] * 100), limits=LIMITS, workers=2)
    next(answers)
    mine = set(children()) - others

    answers.close()

    assert mine
    assert not mine & set(children())


def children():
    """Give the ids of the processes that were started here and still are."""
    for task in Path("/proc/self/task").iterdir():
        try:
            yield from (task / "children").read_text().split()
        except FileNotFoundError:  # a thread that has ended
            pass
