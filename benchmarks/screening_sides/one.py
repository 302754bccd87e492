"""Runs one side once, in a process of its own: one.py SIDE FOLDER OUT RULES."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
THREADS = 2
MEMORY = "4GB"


def main(side: str, folder: Path, out: Path, names: list[str]) -> None:
    os.environ["POLARS_MAX_THREADS"] = str(THREADS)
    match side:
        case "ours":
            ours(folder, out, names)
        case "duckdb":
            from benchmarks.screening_sides import plain_duckdb

            plain_duckdb.run(folder, out, names, THREADS)
        case "polars":
            from benchmarks.screening_sides import plain_polars

            plain_polars.run(folder, out, names, THREADS)
        case "pandas":
            from benchmarks.screening_sides import plain_pandas

            plain_pandas.run(folder, out, names, THREADS)
        case "decode":
            import pyarrow.parquet as pq

            pq.read_table(folder / "payments.parquet", use_threads=True)
        case _:
            raise ValueError(side)
    out.with_suffix(".memory").write_text(str(most_memory()))


def most_memory() -> int:
    """Give the most memory of this process in MB; what the system tells of a child may be the
    memory of the process that started it."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


class NoPandas:
    """Finds no pandas."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


def ours(folder: Path, out: Path, names: list[str]) -> None:
    # Not installed where the program runs (run.lock); Arrow loads it for a second if it is there.
    sys.meta_path.insert(0, NoPandas())  # type: ignore[arg-type]
    from tanzhao.engines.screening.rules import read_rules
    from tanzhao.engines.screening.running import run_rules
    from tanzhao.engines.screening.running.report import Options
    from tanzhao.engines.screening.store import open_store
    from tanzhao.engines.screening.tables import read_datasets

    rules = read_rules(ROOT / "packs/screening")
    run_rules(
        open_store(folder),
        [rules[name] for name in names or rules],
        read_datasets(ROOT / "packs/datasets/county"),
        out=out,
        options=Options(memory=MEMORY, threads=THREADS),
    )


if __name__ == "__main__":
    main(
        sys.argv[1],
        Path(sys.argv[2]),
        Path(sys.argv[3]),
        list(filter(None, sys.argv[4].split(","))),
    )
