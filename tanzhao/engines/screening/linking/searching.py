"""One search after the other, and all links written at the end."""

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import duckdb

from tanzhao.engines.screening.linking.choosing import choose
from tanzhao.engines.screening.linking.explaining import BEGINNING, RARITY, explain
from tanzhao.engines.screening.linking.gathering import gather
from tanzhao.engines.screening.linking.model import Comparison, Model, Part
from tanzhao.engines.screening.linking.preparing import prepare
from tanzhao.engines.screening.linking.report import Example, Outcome
from tanzhao.engines.screening.linking.scoring import score
from tanzhao.engines.screening.linking.sounds import Sounds, speller
from tanzhao.engines.screening.linking.writing import mend, write_links
from tanzhao.engines.screening.store import Store
from tanzhao.engines.screening.tables import Datasets, Kind

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LINKS = """
    CREATE OR REPLACE TABLE links("table" VARCHAR, source_key INTEGER, row_number INTEGER,
        "column" VARCHAR, "key" INTEGER, basis TINYINT, weight INTEGER, levels VARCHAR,
        parts VARCHAR, model VARCHAR)"""


def search(
    store: Store,
    datasets: Datasets,
    models: Sequence[tuple[Model, Sounds]],
    *,
    threads: int,
    memory: str,
    examples: int | None,
    spark: "SparkSession | None",
) -> tuple[Outcome, ...]:
    """Link a store; see `tanzhao.engines.screening.linking.link`."""
    mend(store)
    with duckdb.connect(config={"threads": threads, "memory_limit": memory}) as connection:
        connection.execute(LINKS)
        outcomes = [
            _search_one(connection, store, datasets, model, sounds, examples, spark)
            for model, sounds in models
        ]
        write_links(connection, store, _person_columns(datasets))
    return tuple(outcomes)


def forget(store: Store, datasets: Datasets) -> int:
    """Take back all links; see `tanzhao.engines.screening.linking.unlink`."""
    mend(store)
    if not store.links.is_file():
        return 0
    with duckdb.connect(config={"threads": 1}) as connection:
        [(count,)] = connection.execute(
            "SELECT count(*) FROM read_parquet($links)", {"links": str(store.links)}
        ).fetchall()
        connection.execute(LINKS)
        write_links(connection, store, _person_columns(datasets))
    store.links.unlink()
    return int(count)


def _person_columns(datasets: Datasets) -> dict[str, list[str]]:
    return {
        name: [column.name for column in table.columns if column.kind == Kind.PERSON]
        for name, table in datasets.tables.items()
    }


def _search_one(
    connection: duckdb.DuckDBPyConnection,
    store: Store,
    datasets: Datasets,
    model: Model,
    sounds: Sounds,
    examples: int | None,
    spark: "SparkSession | None",
) -> Outcome:
    gather(connection, store, datasets, model)
    [(known, records)] = connection.execute(
        "SELECT (SELECT count(*) FROM known), (SELECT count(*) FROM asked)"
    ).fetchall()
    prepare(connection, model, speller(sounds))
    if known and records:
        score(connection, model, known="known_records", asked="asked_records", spark=spark)
    else:
        connection.execute(_no_pairs(model))
    choose(connection, model, known)
    connection.execute(_as_links(model))
    return _outcome(connection, model, examples)


def _no_pairs(model: Model) -> str:
    columns = [c.code for c in model.comparisons]
    columns += [f"rarity_{c.code}" for c in model.comparisons if c.has_rarity]
    return (
        "CREATE OR REPLACE TABLE pairs(known_record INTEGER, asked_record INTEGER, "
        + ", ".join(f"{column} INTEGER" for column in columns)
        + ")"
    )


def _as_links(model: Model) -> str:
    levels = [
        _said(c, {level.place: f"{c.code}={level.code}" for level in c.levels})
        for c in model.comparisons
    ]
    parts = [f"'{BEGINNING}=' || c.beginning"]
    for c in model.comparisons:
        parts.append(_said(c, {level.place: f"{c.code}={level.weight}" for level in c.levels}))
        if c.has_rarity:
            rarity = f"{RARITY}{c.code}"
            parts.append(f"CASE WHEN c.{rarity} <> 0 THEN '{rarity}=' || c.{rarity} END")
    return f"""
        INSERT INTO links
        SELECT r."table", r.source_key, r.row_number, r."column", c.key, c.basis, c.weight,
            concat_ws(' ', {", ".join(levels)}), concat_ws(' ', {", ".join(parts)}),
            '{model.name} {model.version}'
        FROM asked_rows AS r JOIN chosen AS c ON c.asked_record = r.record
        WHERE c.outcome = 'linked' AND r.name IS NOT NULL"""


def _said(comparison: Comparison, words: dict[int, str]) -> str:
    cases = " ".join(f"WHEN {place} THEN '{word}'" for place, word in words.items())
    return f"CASE c.{comparison.code} {cases} END"


def _outcome(connection: duckdb.DuckDBPyConnection, model: Model, examples: int | None) -> Outcome:
    bare = " AND ".join(f"a.{c.code} IS NULL" for c in model.comparisons if c.part == Part.FACT)
    connection.execute(f"""
        CREATE OR REPLACE TABLE outcomes AS
        SELECT r."table", c.basis, count(*) AS rows, CASE WHEN r.name IS NULL THEN 'nameless'
            WHEN c.outcome IS NOT NULL THEN c.outcome WHEN {bare} THEN 'name_alone'
            ELSE 'unknown' END AS outcome
        FROM asked_rows AS r
        LEFT JOIN chosen AS c ON c.asked_record = r.record
        LEFT JOIN asked_records AS a ON a.record = r.record GROUP BY ALL""")
    rows = connection.execute('SELECT outcome, basis, "table", rows FROM outcomes').fetchall()
    [(known,)] = connection.execute("SELECT count(DISTINCT key) FROM known").fetchall()

    def count(outcome: str, **wanted: Any) -> int:
        return sum(
            number
            for of, basis, table, number in rows
            if of == outcome
            and wanted.get("basis", basis) == basis
            and wanted.get("table", table) == table
        )

    return Outcome(
        subject=model.subject,
        model=f"{model.name} {model.version}",
        known=known,
        rows=sum(number for *_of, number in rows),
        linked={basis: count("linked", basis=basis) for basis in (1, 2)},
        ambiguous=count("ambiguous"),
        name_alone=count("name_alone"),
        unlike=count("unlike"),
        nameless=count("nameless"),
        unknown=count("unknown"),
        by_table={
            table: count("linked", table=table)
            for table in sorted({table for _of, _basis, table, _number in rows})
            if count("linked", table=table)
        },
        examples=_examples(connection, model, examples),
    )


def _examples(
    connection: duckdb.DuckDBPyConnection, model: Model, size: int | None
) -> tuple[Example, ...]:
    rows = connection.execute(
        """SELECT l."table", l."column", l.source_key, l.row_number, r.name, k.name, l.key,
            l.basis, l.weight, l.levels, l.parts
        FROM (SELECT *, row_number() OVER (PARTITION BY basis ORDER BY weight, "table",
            source_key, row_number, "column") AS of_basis FROM links WHERE model = $model) AS l
        JOIN asked_rows AS r USING ("table", "column", source_key, row_number)
        JOIN (SELECT key, min(name) AS name FROM known GROUP BY key) AS k ON k.key = l.key
        WHERE $size IS NULL OR of_basis <= $size::INTEGER ORDER BY l.basis, of_basis""",
        {"model": f"{model.name} {model.version}", "size": size},
    ).fetchall()
    names = [field.name for field in fields(Example)]
    return tuple(
        Example(**dict(zip(names, (*row[:-2], explain(model, row[-2], row[-1])), strict=True)))
        for row in rows
    )
