"""Runs one side once, in a process of its own: one.py SIDE PAPERS OUT.

Reading the papers is not counted; a first round with a few papers, in which libraries are loaded
and kernels come out of their cache, is counted by itself as `start`.
"""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.likeness_sides import cosine, minhash  # noqa: E402
from benchmarks.likeness_sides.papers import read_papers  # noqa: E402

FEW = 50
SIDES: dict[str, Callable[[list[str]], list[tuple[int, int]]]] = {
    "rensa": minhash.rensa_pairs,
    "datasketch": minhash.datasketch_pairs,
    "tfidf": cosine.tfidf_pairs,
}


def main(side: str, file: Path, out: Path) -> None:
    documents, quoted = read_papers(file)
    few = dict(list(documents.items())[:FEW])
    run = _ours if side == "ours" else lambda papers, _quoted: _theirs(side, papers)
    began = used()
    run(few, quoted)
    started = used()
    pairs, passages = run(documents, quoted)
    ended = used()
    told = {
        "start": started - began,
        "seconds": ended - started,
        "megabytes": most_memory(),
        "passages": passages,
        "pairs": pairs,
    }
    out.write_text(json.dumps(told), encoding="utf-8")


def _ours(documents, quoted):
    """The scan as the product runs it: every pair with its passages and offsets."""
    from tanzhao.engines.likeness import scan
    from tanzhao.engines.likeness.settings import Settings

    found = scan(documents, Settings(), allowed=quoted["allowed"], templates=quoted["templates"])
    passages = sum(len(pair.passages) for pair in found.pairs)
    return [(pair.left, pair.right) for pair in found.pairs], passages


def _theirs(side, documents):
    keys = list(documents)
    found = SIDES[side](list(documents.values()))
    return [(keys[one], keys[other]) for one, other in found], 0


def used() -> float:
    """Processor seconds of this process and its children, user and system, in all threads."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, whose))


def most_memory() -> int:
    """Give the most memory of this process in MB; what the system tells of a child may be the
    memory of the process that started it."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
