"""Made-up papers on disk, as every side reads them, and the pairs that were planted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.engines.likeness.generator import Maker
from tests.engines.likeness.planting import Copy


class Made(NamedTuple):
    """What was made: the file, how many papers and letters, the copies in it."""

    file: Path
    papers: int
    letters: int
    copies: list[Copy]


def make_papers(folder: Path, seed: int, size: int, share: float) -> Made:
    """Write `size` papers, one a line, with what may be quoted in the first line."""
    maker = Maker(seed, size, share=share)
    file, letters, copies = folder / f"{size}.jsonl", 0, []
    with file.open("w", encoding="utf-8") as out:
        out.write(_line({"allowed": maker.allowed, "templates": maker.templates}))
        for paper in maker.papers():
            out.write(_line([paper.key, paper.text]))
            letters += len(paper.text)
            copies += paper.copies
    return Made(file, size, letters, copies)


def read_papers(file: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """The papers by key, in order; and what may be quoted."""
    with file.open(encoding="utf-8") as lines:
        quoted = json.loads(next(lines))
        return dict(_papers(lines)), quoted


def _papers(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        key, text = json.loads(line)
        yield key, text


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
