"""Whatever is done to a sealed volume is seen, and what was touched is named. No database here."""

import hashlib
import json
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tanzhao.archive.checking import SENTENCES, Problem, verify
from tanzhao.archive.form import CATALOGUE, DIGESTS, HOW_TO_CHECK, SHEET, TRAIL, dump
from tanzhao.audit.chain import hash_of
from tests.archive.makers import entries, volume_at

PAPER = "02_底稿与佐证/0002_底稿：接待费.docx"
VOUCHER = "02_底稿与佐证/0003_佐证1：记账_凭证.pdf"
DECISION = "01_授权/0001_授权任职及任务分工的决定.docx"
EVERY_FILE = [DECISION, PAPER, VOUCHER, SHEET, CATALOGUE, TRAIL, HOW_TO_CHECK, DIGESTS]


@pytest.fixture
def volume(tmp_path):
    return volume_at(tmp_path / "volume.zip")


def read(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def pack(path: Path, files: dict[str, bytes]) -> Path:
    """Pack files again as somebody would who unpacked the volume and changed something."""
    with zipfile.ZipFile(path, "w") as package:
        for name, content in files.items():
            package.writestr(name, content)
    return path


def forge(path: Path, files: dict[str, bytes]) -> Path:
    """Pack files again with the list of digests made anew to fit them."""
    listed = [name for name in files if name != DIGESTS]
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in listed)
    return pack(path, {**files, DIGESTS: "".join(lines).encode()})


def named(path: Path) -> set[tuple[str, str]]:
    return {(problem.code, problem.file) for problem in verify(path).problems}


def test_a_whole_volume_is_sound_and_says_what_it_is(volume):
    checked = verify(volume, expect=hashlib.sha256(volume.read_bytes()).hexdigest())

    assert checked.problems == []
    assert (checked.files, checked.pieces, checked.entries) == (8, 3, 4)
    assert checked.about["unit"] == "县交通运输局"
    assert checked.sha256 == hashlib.sha256(volume.read_bytes()).hexdigest()


def test_the_same_volume_written_twice_has_the_same_bytes(tmp_path):
    first, second = volume_at(tmp_path / "a.zip"), volume_at(tmp_path / "b.zip")

    assert first.read_bytes() == second.read_bytes()


def test_the_list_of_digests_is_read_by_the_ordinary_tool(volume, tmp_path):
    with zipfile.ZipFile(volume) as package:
        package.extractall(tmp_path)

    done = subprocess.run(["sha256sum", "--strict", "-c", DIGESTS], cwd=tmp_path, check=False,
                          capture_output=True)  # fmt: skip

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", EVERY_FILE)
@pytest.mark.parametrize("place", [0, -1])
def test_one_flipped_byte_of_a_file_names_that_file(volume, name, place):
    content = read(volume)[name]
    whole = bytearray(volume.read_bytes())
    start = bytes(whole).index(content)
    whole[start + (place % len(content))] ^= 1
    volume.write_bytes(whole)

    assert ("changed", name) in named(volume)
    assert ("envelope", volume.name) in named(volume)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_flipped_byte_anywhere_is_seen(volume, data):
    sound = volume.read_bytes()
    place = data.draw(st.integers(0, len(sound) - 1))
    flip = data.draw(st.integers(1, 255))
    try:
        volume.write_bytes(sound[:place] + bytes([sound[place] ^ flip]) + sound[place + 1 :])
        assert verify(volume).problems
    finally:
        volume.write_bytes(sound)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(length=st.integers(0, 3000), junk=st.binary(max_size=50))
def test_a_volume_cut_short_or_lengthened_is_seen_and_never_a_traceback(volume, length, junk):
    sound = volume.read_bytes()
    try:
        for damaged in (sound[:length], sound + b"x" + junk, junk + b"x" + sound, junk):
            volume.write_bytes(damaged)
            assert verify(volume).problems
    finally:
        volume.write_bytes(sound)


@pytest.mark.parametrize("name", EVERY_FILE)
def test_a_changed_file_packed_again_is_named(volume, name):
    files = read(volume)
    files[name] += b"\n"

    assert named(pack(volume, files)) >= {("changed" if name != DIGESTS else "envelope",
                                           name if name != DIGESTS else volume.name)}  # fmt: skip


@pytest.mark.parametrize("name", EVERY_FILE)
def test_a_removed_file_is_named(volume, name):
    files = read(volume)
    del files[name]

    assert ("missing" if name == DIGESTS else "removed", name) in named(pack(volume, files))


def test_an_added_file_is_named(volume):
    assert ("added", "02_底稿与佐证/x.pdf") in named(
        pack(volume, {**read(volume), "02_底稿与佐证/x.pdf": b"new"})
    )


def test_a_renamed_file_is_named_with_its_new_name(volume):
    files = read(volume)
    files["别的名字.docx"] = files.pop(PAPER)

    assert Problem("renamed", PAPER, "别的名字.docx") in verify(pack(volume, files)).problems


def test_a_file_put_in_twice_is_named(volume):
    with zipfile.ZipFile(volume, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr(PAPER, b"paper")

    assert ("doubled", PAPER) in named(volume)


def test_unpacked_and_packed_again_unchanged_is_only_another_envelope(volume):
    assert named(pack(volume, read(volume))) == {("envelope", volume.name)}


def test_a_change_with_a_new_list_of_digests_still_disagrees_with_the_catalogue(volume):
    files = read(volume)
    files[PAPER] = b"other paper"

    assert named(forge(volume, files)) == {("envelope", volume.name), ("catalogue", PAPER)}


def test_a_removal_with_a_new_list_of_digests_still_disagrees_with_the_catalogue(volume):
    files = read(volume)
    del files[PAPER]

    assert ("catalogue", PAPER) in named(forge(volume, files))


def test_an_addition_with_a_new_list_of_digests_is_not_in_the_catalogue(volume):
    assert ("not_catalogued", "x.pdf") in named(forge(volume, {**read(volume), "x.pdf": b"x"}))


def test_a_catalogue_in_another_order_is_named(volume):
    files = read(volume)
    catalogue = json.loads(files[CATALOGUE])
    catalogue["pieces"].reverse()

    assert {("catalogue", DECISION), ("catalogue", VOUCHER)} <= named(
        forge(volume, {**files, CATALOGUE: dump(catalogue)})
    )


def _with_trail(volume, change):
    files = read(volume)
    trail = json.loads(files[TRAIL])
    change(trail)
    return named(forge(volume, {**files, TRAIL: dump(trail)}))


@pytest.mark.parametrize("field", ["verb", "actor_name", "at", "details", "target_id", "scope_id"])
def test_a_changed_entry_of_the_trail_is_named_by_its_number(volume, field):
    found = _with_trail(volume, lambda trail: trail["entries"][1].update({field: "changed"}))

    assert ("entry_changed", "2") in found


def test_an_entry_changed_together_with_its_hash_breaks_the_chain(volume):
    def change(trail):
        entry = trail["entries"][0]
        entry["details"] = {"n": 99}
        entry["hash"] = hash_of(entry)

    assert ("entry_order", "2") in _with_trail(volume, change)


def test_a_removed_entry_is_seen_by_the_count_even_where_the_chain_has_a_gap(volume):
    assert ("entry_count", TRAIL) in _with_trail(volume, lambda trail: trail["entries"].pop(2))


def test_swapped_entries_and_a_cut_end_are_seen(volume, tmp_path):
    swapped = _with_trail(volume, lambda trail: trail["entries"].reverse())
    other = volume_at(tmp_path / "other.zip")
    cut = _with_trail(other, lambda t: t["head"].update({"position": 4, "hash": "0" * 64}))

    assert ("entry_order", "4") in swapped
    assert ("trail_head", TRAIL) in cut


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff\xfe", b"{" * 50, b"[" * 100_000])
@pytest.mark.parametrize("name", [CATALOGUE, TRAIL])
def test_nonsense_in_the_place_of_a_list_is_called_nonsense(volume, name, content):
    assert ("malformed", name) in named(forge(volume, {**read(volume), name: content}))


def test_only_the_expected_digest_tells_a_volume_made_anew_as_a_whole(volume, tmp_path):
    sealed = hashlib.sha256(volume.read_bytes()).hexdigest()
    forged = volume_at(tmp_path / "forged.zip", chain=entries(9))

    assert verify(forged).problems == []
    assert [problem.code for problem in verify(forged, expect=sealed).problems] == ["not_expected"]
    assert verify(volume, expect=sealed.upper()).problems == []


def test_something_that_is_no_zip_is_refused_in_words(tmp_path):
    path = tmp_path / "report.zip"
    path.write_bytes(b"%PDF-1.7")

    assert {problem.code for problem in verify(path).problems} == {"envelope", "unreadable"}


@pytest.mark.parametrize("code", SENTENCES)
def test_every_problem_is_said_in_both_languages(code):
    problem = Problem(code, "底稿.docx", "12")

    assert problem.sentence("en_GB.UTF-8") != problem.sentence("zh_CN.UTF-8")
    assert "%(" not in problem.sentence("en") + problem.sentence()


def test_the_checker_runs_where_django_cannot_be_imported(volume):
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path

        class NoDjango:
            def find_spec(self, name, path=None, target=None):
                if name.split(".")[0] == "django":
                    raise ImportError("no Django here")

        sys.meta_path.insert(0, NoDjango())
        from tanzhao.archive.checking import verify
        problems = verify(Path(sys.argv[1])).problems
        print([p.code for p in problems], "sqlite3" in sys.modules)
        """
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(volume)], capture_output=True, text=True, check=False
    )

    assert done.stdout.strip() == "[] False", done.stderr
