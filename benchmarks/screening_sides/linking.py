"""Linking of Chinese names beside Splink as its tutorial sets it up, and the public febrl data.

python benchmarks/screening_sides/linking.py                  # 900 000 known, 180 000 rows
python benchmarks/screening_sides/linking.py --known 60000 --asked 12000 --seed 7
Each side runs in a process of its own, by turns, and medians are compared; CPU seconds from the raw
tables to the links, the training that Splink's defaults need included, since an office without a
trained model needs it.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import duckdb  # noqa: E402

SEED = 2026
SIDES = ("ours", "defaults")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--known", type=int, default=900_000)
    parser.add_argument("--asked", type=int, default=180_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--side", choices=SIDES)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--no-febrl", action="store_true")
    options = parser.parse_args()
    if options.side:
        print(json.dumps(measured(options.side, options.folder)))
        return
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder), options.known, options.asked, options.seed)
        compare(Path(folder), options.repeats)
    if not options.no_febrl:
        from benchmarks.screening_sides import febrl

        found = febrl.measured()
        print(json.dumps({name: found[name] for name in ("febrl3", "febrl4")}))


def compare(folder: Path, repeats: int) -> None:
    """Run the sides by turns and print what they found, and their medians."""
    seconds: dict[str, list[float]] = {side: [] for side in SIDES}
    told: dict[str, dict[str, Any]] = {}
    for _ in range(repeats):
        for side, taken in seconds.items():
            words = [sys.executable, __file__, "--side", side, "--folder", str(folder)]
            answer = subprocess.run(words, capture_output=True, text=True, check=False)
            if answer.returncode:
                raise SystemExit(answer.stderr)
            told[side] = json.loads(answer.stdout.splitlines()[-1])
            taken.append(told[side].pop("cpu_seconds"))
    middle = {side: median(taken) for side, taken in seconds.items()}
    for side, taken in seconds.items():
        spread = f"{min(taken):.1f} to {max(taken):.1f}"
        print(f"{side:<10}{middle[side]:>8.1f} CPU s  ({spread})  {json.dumps(told[side])}")
    ratio = middle["ours"] / middle["defaults"]
    print(f"ours / defaults: {ratio:.2f} (aim 1.00 or less, and F1 of 0.98 or more)", flush=True)


def make(folder: Path, known: int, asked: int, seed: int) -> None:
    """Write known.parquet, asked.parquet and truth.json, the record each row is about or 0."""
    from tests.engines.screening.linking_tables import people_into

    with duckdb.connect(config={"threads": 1}) as connection:
        truth = people_into(connection, known=known, asked=asked, seed=seed)
        for table in ("known", "asked"):
            connection.execute(f"COPY {table} TO '{folder / table}.parquet' (FORMAT parquet)")
    (folder / "truth.json").write_text(json.dumps(truth.tolist()))


def measured(side: str, folder: Path) -> dict[str, Any]:
    """Link the tables of `folder`, and say how well and at what cost."""
    with duckdb.connect(config={"threads": 1, "memory_limit": "4GB"}) as connection:
        for table in ("known", "asked"):
            connection.execute(f"CREATE TABLE {table} AS FROM '{folder / table}.parquet'")
        begun = time.process_time()
        links = {"ours": ours, "defaults": defaults}[side](connection)
        seconds = time.process_time() - begun
    truth = json.loads((folder / "truth.json").read_text())
    right = sum(truth[row - 1] == record for row, record in links)
    wanted = sum(1 for record in truth if record)
    return {
        "f1": round(2 * right / (len(links) + wanted), 4),
        "precision": round(right / len(links), 4),
        "recall": round(right / wanted, 4),
        "cpu_seconds": round(seconds, 1),
        "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
    }


def ours(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    """Link as `tanzhao screen link` does, with the shipped model as it is."""
    from tanzhao.engines.screening.linking.choosing import choose
    from tanzhao.engines.screening.linking.preparing import prepare
    from tanzhao.engines.screening.linking.scoring import score
    from tests.engines.screening.linking_tables import chinese_speller, persons_model

    model = persons_model()
    connection.execute("ALTER TABLE known ADD COLUMN key INTEGER; UPDATE known SET key = record")
    known, asked = prepare(connection, model, chinese_speller())
    score(connection, model, known=known, asked=asked)
    [(count,)] = connection.execute("SELECT count(*) FROM known").fetchall()
    choose(connection, model, count)
    return connection.execute(
        "SELECT asked_record, key FROM chosen WHERE outcome = 'linked'"
    ).fetchall()


def defaults(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    """Link with the comparisons of Splink's library, trained on the tables as in its tutorial."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    api = DuckDBAPI(connection)
    columns = """record, name, number, strftime(birth_date, '%Y-%m-%d') AS birth_date, village,
        township, household, sex"""
    for table in ("known", "asked"):
        connection.execute(f"CREATE VIEW {table}_plain AS SELECT {columns} FROM {table}")
    tables = [
        api.register(f"{table}_plain", dataset_display_name=f"{letter}_{table}")
        for letter, table in (("a", "known"), ("b", "asked"))
    ]
    blocks = [
        block_on("name", "village"),
        block_on("name", "birth_date"),
        block_on("village", "birth_date"),
        block_on("household", "village"),
        block_on("substr(number, 1, 14)"),
        block_on("substr(number, 7, 12)"),
    ]
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="record",
        comparisons=[
            cl.NameComparison("name"),
            cl.DateOfBirthComparison("birth_date", input_is_string=True),
            cl.LevenshteinAtThresholds("number"),
            cl.ExactMatch("village").configure(term_frequency_adjustments=True),
            cl.ExactMatch("township"),
            cl.ExactMatch("household"),
            cl.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=blocks,
        retain_matching_columns=False,
    )
    linker = Linker(tables, settings, log_level=None)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("name", "village", "birth_date"), block_on("name", "household")], recall=0.5
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=SEED)
    training.estimate_parameters_using_expectation_maximisation(block_on("name", "village"))
    training.estimate_parameters_using_expectation_maximisation(block_on("household", "village"))
    found = linker.inference.predict(threshold_match_probability=0.5, warning_mode="never")
    return connection.execute(
        f"""SELECT record_r, arg_max(record_l, match_weight) FROM {found.physical_name}
        GROUP BY record_r"""
    ).fetchall()


if __name__ == "__main__":
    main()
