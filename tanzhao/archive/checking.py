"""Checking a volume without the program's database: which file is not what was sealed.

Needs neither Django nor a network, so that it can be run on a machine of the archive.
What it cannot see by itself: a volume that somebody has made anew as a whole, every digest in it
included. For that, the volume's own SHA-256 must be compared with the one that the program shows
and keeps in its trail (`expect`).
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from tanzhao.archive.form import (
    CATALOGUE,
    CHUNK,
    DIGEST_LENGTH,
    DIGESTS,
    ENVELOPE,
    FORM,
    OWN_FILES,
    TRAIL,
)
from tanzhao.audit.chain import FIELDS, hash_of

# What is wrong, in Chinese and in English; `%(name)s` is the file or the entry, `%(more)s` a hint.
SENTENCES: dict[str, tuple[str, str]] = {
    "unreadable": (
        "%(name)s 不是完整的卷宗文件，无法打开。",
        "%(name)s is not a whole volume and cannot be opened.",
    ),
    "not_expected": (
        "卷宗整体的 SHA-256 与给出的不一致，实际为 %(more)s。",
        "The volume's own SHA-256 is not the one given; it is %(more)s.",
    ),
    "envelope": (
        "卷宗的封装与封卷时不一致：有字节被改动，或被重新打包。",
        "The envelope is not as sealed: bytes were changed, or the zip was packed again.",
    ),
    "missing": (
        "卷宗缺少 %(name)s，不能逐件核对。",
        "%(name)s is missing from the volume, so its pieces cannot be checked.",
    ),
    "malformed": ("%(name)s 的内容已不是封卷时的格式。", "%(name)s no longer has its form."),
    "changed": ("%(name)s 已被改动。", "%(name)s was changed."),
    "removed": ("%(name)s 已被移出卷宗。", "%(name)s was removed."),
    "added": ("%(name)s 是封卷后加入的。", "%(name)s was added."),
    "renamed": ("%(name)s 已被改名为 %(more)s。", "%(name)s was renamed to %(more)s."),
    "doubled": ("%(name)s 在卷宗里出现不止一次。", "%(name)s is in the volume more than once."),
    "catalogue": (
        "目录对 %(name)s 的记载与文件或摘要清单不一致。",
        "The catalogue does not agree with %(name)s or with the list of digests.",
    ),
    "not_catalogued": (
        "%(name)s 在摘要清单里，但目录没有记载。",
        "%(name)s is in the list of digests, but not in the catalogue.",
    ),
    "entry_changed": ("留痕第 %(name)s 条已被改动。", "Entry %(name)s of the trail was changed."),
    "entry_order": (
        "留痕第 %(name)s 条与前后不衔接：有记录被移出、插入或调换。",
        "Entry %(name)s of the trail does not follow: one was removed, inserted or moved.",
    ),
    "entry_count": (
        "留痕条数与目录记载不一致：目录记 %(more)s 条。",
        "The trail has not as many entries as the catalogue says: %(more)s.",
    ),
    "trail_head": (
        "封卷时的留痕末端与目录记载不一致。",
        "The end of the trail at sealing is not the one in the catalogue.",
    ),
}
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


class Problem(NamedTuple):
    """One thing that is not as it was sealed: a key of SENTENCES, and the file it is about.

    `file` is the number of the entry where the trail is concerned.
    """

    code: str
    file: str
    more: str = ""

    def sentence(self, language: str = "zh") -> str:
        """Say it in Chinese, or in English if `language` begins with "en"."""
        chinese, english = SENTENCES[self.code]
        chosen = english if language.startswith("en") else chinese
        return chosen % {"name": self.file, "more": self.more}


@dataclass
class Checked:
    """What came of checking a volume. It is sound if there are no problems.

    `sha256` is the volume's own. `files` are all in the zip, `pieces` those of the catalogue,
    `entries` those of the trail. `about` is what the catalogue says of the volume, empty if
    that cannot be read.
    """

    sha256: str = ""
    problems: list[Problem] = field(default_factory=list)
    files: int = 0
    pieces: int = 0
    entries: int = 0
    about: Mapping[str, Any] = field(default_factory=dict)


def verify(path: Path, *, expect: str | None = None) -> Checked:
    """Name everything in the volume at `path` that is not as it was sealed.

    Args:
        expect: the volume's own SHA-256 as the program shows it. Without it, a volume that was
            made anew as a whole cannot be told from the real one.
    Raises:
        OSError: there is no such file, or it may not be read.
    """
    checked = Checked()
    with path.open("rb") as file:
        checked.sha256, sealed = _digests(file)
        if expect and expect.strip().lower() != checked.sha256:
            checked.problems.append(Problem("not_expected", path.name, checked.sha256))
        if not sealed:
            checked.problems.append(Problem("envelope", path.name))
        try:
            with zipfile.ZipFile(file) as package:
                _check_package(package, checked)
        except Exception:
            # A damaged zip makes the library raise nearly anything, and none of it says more.
            checked.problems.append(Problem("unreadable", path.name))
    return checked


def _digests(file: BinaryIO) -> tuple[str, bool]:
    """Give the SHA-256 of the whole file, and whether its last 64 bytes are that of the rest."""
    size = file.seek(0, 2)
    end = max(size - DIGEST_LENGTH, 0)
    file.seek(0)
    sha256, left = hashlib.sha256(), end
    while left and (chunk := file.read(min(CHUNK, left))):
        sha256.update(chunk)
        left -= len(chunk)
    inner = sha256.hexdigest().encode()
    tail = file.read()
    sha256.update(tail)
    file.seek(max(end - len(ENVELOPE), 0))
    return sha256.hexdigest(), file.read() == ENVELOPE + inner


def _check_package(package: zipfile.ZipFile, checked: Checked) -> None:
    found = _hash_all(package, checked)
    checked.files = len(found)
    listed = _listed(package, found, checked)
    if listed is None:
        return
    _compare(found, listed, checked)
    catalogue = _json(package, CATALOGUE, found, checked)
    trail = _json(package, TRAIL, found, checked)
    if catalogue is None or trail is None:
        return
    sizes = {entry.filename: entry.file_size for entry in package.infolist()}
    _guarded(CATALOGUE, checked, lambda: _check_catalogue(catalogue, listed, sizes, checked))
    _guarded(TRAIL, checked, lambda: _check_trail(catalogue, trail, checked))


def _hash_all(package: zipfile.ZipFile, checked: Checked) -> dict[str, str]:
    """Give the SHA-256 of each file in the zip, "" for one that cannot be read as it stands."""
    found: dict[str, str] = {}
    for entry in package.infolist():
        if entry.filename in found:
            checked.problems.append(Problem("doubled", entry.filename))
        found[entry.filename] = _hash_of(package, entry)
    return found


def _hash_of(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    # A volume's files are stored as they are; packed bytes would be somebody else's, and could
    # unpack to any size.
    if entry.compress_type != zipfile.ZIP_STORED:
        return ""
    sha256 = hashlib.sha256()
    try:
        with package.open(entry) as source:
            while chunk := source.read(CHUNK):
                sha256.update(chunk)
    except Exception:
        # As above: wrong checksum, wrong name, cut short, said to be encrypted, and so on.
        return ""
    return sha256.hexdigest()


def _listed(
    package: zipfile.ZipFile, found: Mapping[str, str], checked: Checked
) -> dict[str, str] | None:
    if DIGESTS not in found:
        checked.problems.append(Problem("missing", DIGESTS))
        return None
    if not found[DIGESTS]:
        checked.problems.append(Problem("changed", DIGESTS))
        return None
    try:
        lines = package.read(DIGESTS).decode().splitlines()
    except UnicodeDecodeError:
        checked.problems.append(Problem("malformed", DIGESTS))
        return None
    matches = [_LINE.fullmatch(line) for line in lines]
    if not all(matches):
        checked.problems.append(Problem("malformed", DIGESTS))
    return {match[2]: match[1] for match in matches if match}


def _compare(found: Mapping[str, str], listed: Mapping[str, str], checked: Checked) -> None:
    added = [name for name in found if name not in listed and name != DIGESTS]
    removed = [name for name in listed if name not in found]
    for name in removed:
        new = next((other for other in added if found[other] == listed[name]), None)
        if new is None:
            checked.problems.append(Problem("removed", name))
        else:
            added.remove(new)
            checked.problems.append(Problem("renamed", name, new))
    checked.problems.extend(Problem("added", name) for name in added)
    checked.problems.extend(
        Problem("changed", name)
        for name, digest in listed.items()
        if name in found and found[name] != digest
    )


def _json(
    package: zipfile.ZipFile, name: str, found: Mapping[str, str], checked: Checked
) -> dict[str, Any] | None:
    if name not in found:
        checked.problems.append(Problem("missing", name))
        return None
    if not found[name]:
        return None  # said already: it was changed
    try:
        value = json.loads(package.read(name))
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        checked.problems.append(Problem("malformed", name))
        return None
    return value


def _guarded(name: str, checked: Checked, step: Any) -> None:
    try:
        step()
    except (KeyError, TypeError, AttributeError, ValueError):
        checked.problems.append(Problem("malformed", name))


def _check_catalogue(
    catalogue: Mapping[str, Any],
    listed: Mapping[str, str],
    sizes: Mapping[str, int],
    checked: Checked,
) -> None:
    if catalogue["form"] != FORM:
        checked.problems.append(Problem("malformed", CATALOGUE))
    checked.about = dict(catalogue["about"])
    pieces = catalogue["pieces"]
    checked.pieces = len(pieces)
    paths = [piece["path"] for piece in pieces]
    for place, piece in enumerate(pieces, 1):
        path = piece["path"]
        said = (piece["position"], piece["sha256"], piece["size"])
        if said != (place, listed.get(path), sizes.get(path)):
            checked.problems.append(Problem("catalogue", path))
    left = [name for name in listed if name not in paths and name not in OWN_FILES]
    checked.problems.extend(Problem("not_catalogued", name) for name in left)


def _check_trail(catalogue: Mapping[str, Any], trail: Mapping[str, Any], checked: Checked) -> None:
    entries, said = trail["entries"], catalogue["trail"]
    checked.entries = len(entries)
    if len(entries) != said["entries"]:
        checked.problems.append(Problem("entry_count", TRAIL, str(said["entries"])))
    if trail["head"] != said["head"] or trail["scope"] != catalogue["about"]["engagement"]:
        checked.problems.append(Problem("trail_head", TRAIL))
    checked.problems.extend(_breaks(entries, trail))


def _breaks(entries: list[dict[str, Any]], trail: Mapping[str, Any]) -> Iterator[Problem]:
    position, previous = 0, ""
    for entry in entries:
        name = str(entry["position"])
        whole = set(entry) == {*FIELDS, "hash"} and entry["scope_id"] == trail["scope"]
        if not whole or entry["hash"] != hash_of(entry):
            yield Problem("entry_changed", name)
        # The extract leaves out what belongs to other engagements, so that only two entries
        # with nothing between them can be held against each other.
        follows = entry["position"] == position + 1
        if entry["position"] <= position or (
            follows and position and entry["previous_hash"] != previous
        ):
            yield Problem("entry_order", name)
        position, previous = entry["position"], entry["hash"]
    head = trail["head"]
    if position > head["position"] or (position == head["position"] and previous != head["hash"]):
        yield Problem("trail_head", TRAIL)
