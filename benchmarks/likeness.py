"""Likeness: ours against MinHash and TF-IDF on made-up papers of which some were copied.

Ours gives every pair with its passages and their offsets; the others give pairs of papers. Each
side runs in a process of its own, as medians of interleaved repeats; processor seconds, user and
system, of all its threads. Not counted: reading the papers, and the start (libraries, kernels out
of their cache), shown by itself. Recall is of planted copies found as a pair; precision of the
pairs given. Read the ratios, not the seconds.

Run: ./run bench likeness [--full] [--sizes=2000,10000] [--share=0.25] [--repeats=3] [--seed=N]
The default is 2 000 and 10 000 papers; --full is 10 000 and 50 000. `--share` says which part of
the copies of tests/engines/likeness/planting.py is planted: 0.25 makes one paper in nine a copy.
TF-IDF runs on the smaller size only. Text out of Word files is measured beside python-docx.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.likeness_sides.papers import Made, make_papers  # noqa: E402
from benchmarks.likeness_sides.reading import put_word_files  # noqa: E402
from tests.engines.likeness.planting import Copy  # noqa: E402

SEED = 20261123
WORD_FILES = 500
ONCE = ("datasketch", "tfidf")  # too slow to be repeated, and far enough from the others
NAMES = {
    "ours": "ours, with passages",
    "rensa": "rensa R-MinHash + LSH",
    "datasketch": "datasketch MinHash + LSH",
    "tfidf": "TF-IDF + sparse-dot-topn",
}
GROUPS: dict[str, Callable[[Copy], bool]] = {
    "<=30 %": lambda copy: copy.kind in {"whole", "moved", "family"} and copy.rate <= 0.3,
    ">30 %": lambda copy: copy.kind == "whole" and copy.rate > 0.3,
    "passages": lambda copy: copy.kind in {"passage", "split", "interleaved"},
    "edited": lambda copy: copy.kind == "edited",
}


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as work:
        results = {}
        for size in options.sizes:
            made = make_papers(Path(work), options.seed, size, options.share)
            print(
                f"\n{size:,} papers of {made.letters // size:,} letters, seed {options.seed}: "
                f"{len(made.copies):,} pairs share what was copied, of which "
                + ", ".join(f"{_count(made, group):,} {name}" for name, group in GROUPS.items())
            )
            sides = [side for side in NAMES if side != "tfidf" or size == min(options.sizes)]
            results[size] = _measured(made, sides, options.repeats, Path(work))
            _print(made, results[size])
        _print_aims(results)
        _print_reading(Path(work), options.seed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="10 000 and 50 000 papers")
    parser.add_argument("--sizes", default="", help="numbers of papers, smallest first")
    parser.add_argument("--share", type=float, default=0.25)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    sizes = options.sizes or ("10000,50000" if options.full else "2000,10000")
    options.sizes = [int(size) for size in sizes.split(",")]
    return options


def _measured(made: Made, sides: list[str], repeats: int, work: Path) -> dict[str, dict[str, Any]]:
    """Run every side: what it found, the median of its seconds, the most of its memory."""
    told: dict[str, list[dict[str, Any]]] = {side: [] for side in sides}
    for repeat in range(repeats):
        for side in sides:
            if repeat == 0 or side not in ONCE:
                told[side].append(_run("one", side, made.file, work / "told.json"))
    return {
        side: runs[0]
        | {
            "seconds": median(run["seconds"] for run in runs),
            "start": median(run["start"] for run in runs),
            "megabytes": max(run["megabytes"] for run in runs),
        }
        for side, runs in told.items()
    }


def _print(made: Made, results: dict[str, dict[str, Any]]) -> None:
    ours = results["ours"]["seconds"]
    print(
        f"{'side':<26}{'CPU s':>8}{'papers/s':>10}{'it / ours':>11}{'start':>7}{'MB':>7}"
        f"{'pairs':>8}{'right':>8}  recall: " + "".join(f"{name:>10}" for name in GROUPS)
    )
    for side, told in results.items():
        line = (
            f"{NAMES[side]:<26}{told['seconds']:>8.2f}{made.papers / told['seconds']:>10,.0f}"
            f"{told['seconds'] / ours:>11.2f}{told['start']:>7.1f}{told['megabytes']:>7}"
        )
        print(line + _quality(made, told["pairs"]))
    shown = results["ours"]["passages"]
    print(f"passages shown with their offsets: ours {shown:,}, every other side none")


def _quality(made: Made, pairs: Iterable[tuple[str, str]]) -> str:
    """How many pairs, which share of them was planted, and which share of the planted is there."""
    found = {(left, right) for left, right in pairs}
    planted = {(copy.left, copy.right) for copy in made.copies if copy.segments}
    shares = [f"{len(found):>8}{len(found & planted) / max(1, len(found)):>8.3f}{'':>10}"]
    for group in GROUPS.values():
        some = {(c.left, c.right) for c in made.copies if group(c) and c.segments}
        shares.append(f"{len(found & some) / max(1, len(some)):>10.3f}")
    return "".join(shares)


def _print_aims(results: dict[int, dict[str, dict[str, Any]]]) -> None:
    small, large = min(results), max(results)
    told = results[large]["ours"]
    faster = {
        size: one["rensa"]["seconds"] / one["ours"]["seconds"] for size, one in results.items()
    }
    growth = (told["seconds"] / large) / (results[small]["ours"]["seconds"] / small)
    print("\nagainst rensa, threshold 0.5 (aim: 2 and more): ", end="")
    print(", ".join(f"{ratio:.2f} times as fast at {size:,}" for size, ratio in faster.items()))
    print(f"memory of ours at {large:,}: {told['megabytes']:,} MB (aim: 1,500 at 50,000)")
    print(f"seconds a paper, {large:,} against {small:,}: {growth:.2f} times (aim: 1.3 at most)")


def _print_reading(work: Path, seed: int) -> None:
    put_word_files(work / "word", seed, WORD_FILES)
    print(f"\n{WORD_FILES} Word files, start of processes and libraries included")
    letters = set()
    for side in ("ours", "python-docx"):
        told = _run("reading", side, work / "word", work / "read.json")
        letters.add(told["letters"])
        print(f"{side:<26}{told['seconds']:>8.2f}{WORD_FILES / told['seconds']:>10,.0f} files/s")
    if len(letters) > 1:
        raise SystemExit("the two do not read the same letters")


def _run(script: str, side: str, given: Path, out: Path) -> dict[str, Any]:
    """Run one side in a process of its own; what it wrote."""
    words = [ROOT / f"benchmarks/likeness_sides/{script}.py", side, given, out]
    subprocess.run([sys.executable, *map(str, words)], check=True)
    return json.loads(out.read_text("utf-8"))


def _count(made: Made, group: Callable[[Copy], bool]) -> int:
    return sum(map(group, made.copies))


if __name__ == "__main__":
    main()
