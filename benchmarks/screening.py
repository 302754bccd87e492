"""Screening: ours against what an auditor would write instead, on made-up counties.

Rules: the fourteen on benefits and people, each with the rows its hits rest on, as processor
seconds (user and system, of a process of its own) and medians of interleaved repeats. Ours reads a
store and writes named hits with their sentences and rows as the files had them; the others read
plain Parquet (ID numbers as text, yuan as DOUBLE) and write hits and rows. Hits, amounts and rows
are compared. Polars and pandas run six of the rules, and ours the same six beside them. "decode"
reads every column of the plain payments once: the floor. Read the ratios, not the seconds.

Run: ./run bench screening [--size=small|county|prefecture] [--repeats=3] [--full] [--only=rules]
--full adds 94 M payments within 4 GB. Sections: rules, loading, linking; --size is of the rules.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import polars as pl

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.screening_sides.generator import SIZES, make_county  # noqa: E402
from benchmarks.screening_sides.plain_duckdb import RULES as FOURTEEN  # noqa: E402
from benchmarks.screening_sides.plain_polars import RULES as SIX  # noqa: E402
from benchmarks.screening_sides.writing import put_plain, put_store  # noqa: E402
from tanzhao.engines.screening.tables import read_datasets  # noqa: E402

DATASETS = read_datasets(ROOT / "packs/datasets/county")
SEED = 20260101
BLOCKS = 10  # of a prefecture each, with --full
MOST_MEMORY = 4 * 10**9 >> 20  # MiB that a run of all blocks may hold, the whole process
# What the plain sides call the columns of a key.
PLAIN = {"person_key": "person", "account_key": "account"}


def main():
    options = _options()
    with tempfile.TemporaryDirectory(dir=options.work) as work:
        _keep_bytecode(Path(work, "bytecode"))
        if "rules" in options.only:
            _rules(Path(work), options.size, options.repeats)
        if options.full:
            _large(Path(work))
        for section in ("loading", "linking"):
            if section in options.only:
                _section(section, options.repeats)


def _options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", choices=SIZES, default="prefecture")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--full", action="store_true", help="94 M payments within 4 GB as well")
    parser.add_argument("--only", default="rules,loading,linking")
    parser.add_argument("--work", help="folder for what is made; it is emptied in the end")
    options = parser.parse_args()
    options.only = [section for section in options.only.split(",") if section]
    return options


def _keep_bytecode(folder):
    """Let every side's processes find their libraries compiled, as an installation has them: where
    the environment forbids to keep bytecode, each would compile some hundred modules anew."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder)


def _rules(work, size, repeats):
    county = make_county(SEED, SIZES[size], DATASETS)
    store, plain = work / "store", work / "plain"
    put_store([county], store, DATASETS)
    put_plain(county, plain, DATASETS)
    rows = {name: len(county.table(name)) for name in county.pieces}
    print(f"\n{size}, seed {SEED}: " + ", ".join(f"{n:,} {name}" for name, n in rows.items()))
    print(f"store {_megabytes(store / 'tables')} MB + raw {_megabytes(store / 'raw')} MB, ", end="")
    print(f"plain Parquet {_megabytes(plain)} MB; planted {_planted(county)} hits")
    jobs = {
        "ours, 28 rules": ("ours", store, []),
        "ours, 14 rules": ("ours", store, list(FOURTEEN)),
        "plain DuckDB, 14 rules": ("duckdb", plain, list(FOURTEEN)),
        "ours, 6 rules": ("ours", store, list(SIX)),
        "plain DuckDB, 6 rules": ("duckdb", plain, list(SIX)),
        "Polars streaming, 6 rules": ("polars", plain, list(SIX)),
        "pandas, 6 rules": ("pandas", plain, list(SIX)),
        "decode payments": ("decode", plain, []),
    }
    seconds, memory = {job: [] for job in jobs}, dict.fromkeys(jobs, 0)
    for side in ("ours", "duckdb", "polars", "pandas"):  # once, uncounted: compiles libraries
        _timed(side, store if side == "ours" else plain, work / f"first-{side}", list(SIX)[:1])
    for repeat in range(repeats):
        for number, (job, (side, folder, names)) in enumerate(jobs.items()):
            out = work / f"out{repeat}-{number}"
            used, most = _timed(side, folder, out, names)
            seconds[job].append(used)
            memory[job] = max(memory[job], most)
            if repeat == 0:
                _check(county, job, side, out, names)
    _print_rules({job: median(taken) for job, taken in seconds.items()}, seconds, memory)


def _timed(side, folder, out, names):
    """Run one side in a process of its own: its processor seconds, and its most memory in MB."""
    words = [ROOT / "benchmarks/screening_sides/one.py", side, folder, out, ",".join(names)]
    process = subprocess.Popen([sys.executable, *map(str, words)])
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{side} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, int(out.with_suffix(".memory").read_text())


def _print_rules(middle, seconds, memory):
    floor = middle["decode payments"]
    print(
        f"{'side':<28}{'CPU s':>8}{'least':>8}{'most':>8}{'ours / it':>11}{'/ decode':>10}{'MB':>7}"
    )
    for job, taken in middle.items():
        ours = middle.get(f"ours, {job.rsplit(', ')[-1]}")
        ratio = f"{ours / taken:.2f}" if ours and not job.startswith("ours") else "-"
        print(
            f"{job:<28}{taken:>8.2f}{min(seconds[job]):>8.2f}{max(seconds[job]):>8.2f}"
            f"{ratio:>11}{taken / floor:>10.1f}{memory[job]:>7}"
        )


def _check(county, job, side, out, names):
    """Compare what a side found with what was planted, and its rows with the planted ones.

    Raises: SystemExit where they differ: a faster wrong answer is no answer.
    """
    if side == "decode":
        return
    if side == "ours":
        found = _found_by_ours(out)
        _same(job, {rule: set(hits) for rule, hits in found.items()}, _truth(county, found))
        return
    ours = _found_by_ours(out.parent / "out0-1")
    rested = _rows_of_ours(out.parent / "out0-1")
    for name in names:
        hits = pl.read_parquet(out / f"{name}.hits.parquet")
        key = [PLAIN.get(column, column) for column in ours[name].columns]
        amounts = (hits["amount"] * 100).round().cast(pl.Int64).to_list()
        lines = zip(*(hits[column].cast(pl.String) for column in key), strict=True)
        theirs = dict(zip(lines, amounts, strict=True))
        _same(f"{job}, {name}", theirs.keys(), ours[name].keys())
        # An area's excess in yuan is rounded down by ours and to the nearest cent by a DOUBLE.
        far = [k for k, amount in theirs.items() if abs(amount - ours[name][k]) > 1]
        _same(f"{job}, amounts of {name}", far, [])
        rows = pl.scan_parquet(out / f"{name}.rows0.parquet").select(pl.len()).collect().item()
        _same(f"{job}, rows of {name}", rows, rested[name])


class _Hits(dict):
    """Key (as text) to amount in cents; `columns` names the parts of the key."""

    columns: tuple[str, ...] = ()


def _found_by_ours(out):
    found = {}
    for rule, key, amount in pl.read_parquet(out / "hits.parquet")[
        ["rule", "key", "amount_cents"]
    ].iter_rows():
        parts = json.loads(key)
        hits = found.setdefault(rule, _Hits())
        hits.columns = tuple(parts)
        hits[tuple(map(str, parts.values()))] = amount
    return found


def _rows_of_ours(out):
    hits = pl.read_parquet(out / "hits.parquet").select("rule", "hit_id")
    rows = pl.read_parquet(out / "evidence.parquet", columns=["hit_id", "table"])
    rows = rows.filter(pl.col("table").is_in(["payments", "accounts"])).join(hits, on="hit_id")
    return dict(rows.group_by("rule").len().iter_rows())


def _truth(county, found):
    return {rule: county.hits(rule) for rule in found}


def _same(what, one, other):
    if one != other:
        raise SystemExit(f"{what}: not the same")


def _planted(county):
    return f"{sum(map(len, county.truth.values())):,}"


def _megabytes(folder):
    return sum(file.stat().st_size for file in folder.rglob("*.parquet")) // 10**6


def _large(work):
    """Ten prefectures, made and written one after the other; then the rules within 4 GB."""
    store = work / "large"
    truth: dict[str, set] = {}

    def blocks():
        for block in range(BLOCKS):
            county = make_county(SEED, SIZES["prefecture"], DATASETS, block=block)
            for rule in county.truth:
                truth.setdefault(rule, set()).update(county.hits(rule))
            yield county

    made = put_store(blocks(), store, DATASETS)
    print(
        f"\n94 M: {made.tables['payments']:,} payments, {made.tables['persons']:,} persons, ",
        end="",
    )
    print(f"tables {_megabytes(store / 'tables')} MB, raw {_megabytes(store / 'raw')} MB")
    began = time.monotonic()
    used, most = _timed("ours", store, work / "large-out", list(FOURTEEN))
    found = _found_by_ours(work / "large-out")
    _same("94 M", {r: set(hits) for r, hits in found.items()}, {r: truth[r] for r in found})
    print(
        f"ours, 14 rules, memory limit 4 GB: {used:.0f} CPU s, {time.monotonic() - began:.0f} s, "
    )
    print(f"{sum(map(len, found.values())):,} hits as planted, most memory of the process ", end="")
    print(f"{most:,} MiB (4 GB are {MOST_MEMORY:,} MiB)")
    if most > MOST_MEMORY:
        raise SystemExit("94 M: more than 4 GB of memory")


def _section(name, repeats):
    """Run a section that measures by itself, in its own full size."""
    file = ROOT / f"benchmarks/screening_sides/{name}.py"
    print(f"\n{name}", flush=True)
    subprocess.run([sys.executable, str(file), f"--repeats={repeats}"], check=True)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
