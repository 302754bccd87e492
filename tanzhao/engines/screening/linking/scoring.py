"""Candidates scored by Splink, on DuckDB or on a Spark cluster, with the same settings."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker

from tanzhao.engines.screening.linking.model import Comparison, Model

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Splink takes the lesser of the two names for the left side; its conditions rely on it.
KNOWN, ASKED = "a_known", "b_asked"


def score(
    connection: duckdb.DuckDBPyConnection,
    model: Model,
    *,
    known: str,
    asked: str,
    spark: "SparkSession | None" = None,
) -> None:
    """Make the table `pairs` of candidates that are near or above the least weight.

    Columns: known_record, asked_record INTEGER; for each comparison its code and the place of its
    level, -1 if a side is missing; `rarity_` and the code, INTEGER, what it adds in hundredths of a
    bit that a name or village is rare or common. With `spark`, blocking and scoring run there; the
    records go there and the pairs come back.
    """
    [(count,)] = connection.execute(f"SELECT count(*) FROM {known}").fetchall()
    if spark is None:
        pairs = _predicted(DuckDBAPI(connection), model, count, (known, asked))
        connection.execute(
            f"CREATE OR REPLACE TABLE pairs AS {_as_pairs(model, pairs.physical_name)}"
        )
        return
    frames = [_to_spark(connection, spark, table) for table in (known, asked)]
    pairs = _predicted(_spark_api(spark), model, count, frames)
    connection.register("from_spark", pairs.as_spark_dataframe().toArrow())
    connection.execute(f"CREATE OR REPLACE TABLE pairs AS {_as_pairs(model, 'from_spark')}")
    connection.unregister("from_spark")


def _predicted(api: Any, model: Model, count: int, inputs: Sequence[Any]) -> Any:
    tables = [
        api.register(table, dataset_display_name=name)
        for table, name in zip(inputs, (KNOWN, ASKED), strict=True)
    ]
    linker = Linker(tables, model.splink(count), log_level=None)
    for column in _rarities(model):
        # How common a name is among the known; what clerks mistyped is common nowhere.
        shares = linker.misc.query_sql(  # type: ignore[no-untyped-call]
            f"SELECT {column}, greatest(count(*) - 1, 0.5) / {max(1, count)} AS tf_{column} "
            f"FROM {tables[0].physical_name} WHERE {column} IS NOT NULL GROUP BY {column}"
        )
        linker.table_management.register_term_frequency_lookup(shares, column)
    # A candidate below the least weight still makes one within the margin doubtful.
    least = (model.least_weight - model.margin) / 100 - 0.1
    # Registered, they make Splink take terms for the records in candidates only, on DuckDB.
    candidates = linker.inference.compute_blocked_pairs_for_predict()
    linker.table_management.register_blocked_pairs_for_predict(candidates)
    return linker.inference.predict(threshold_match_weight=least, warning_mode="never")


def _rarities(model: Model) -> list[str]:
    return sorted(
        {
            level["tf_adjustment_column"]
            for comparison in model.settings["comparisons"]
            for level in comparison["comparison_levels"]
            if "tf_adjustment_column" in level
        }
    )


def _as_pairs(model: Model, source: str) -> str:
    # Splink keeps a level's place only beside every text that was compared; its weight tells too.
    places = [f"{_place(c)} AS {c.code}" for c in model.comparisons]
    rarities = [
        f"round(100 * mw_tf_adj_{c.code})::INTEGER AS rarity_{c.code}"
        for c in model.comparisons
        if c.has_rarity
    ]
    return f"""
        SELECT record_l::INTEGER AS known_record, record_r::INTEGER AS asked_record,
            {", ".join(places + rarities)}
        FROM {source}"""


def _place(comparison: Comparison) -> str:
    cases = " ".join(f"WHEN {level.weight} THEN {level.place}" for level in comparison.levels)
    return f"(CASE round(100 * mw_{comparison.code})::INTEGER {cases} ELSE -1 END)::TINYINT"


def _to_spark(connection: duckdb.DuckDBPyConnection, spark: "SparkSession", table: str) -> Any:
    arrow: pa.Table = connection.table(table).to_arrow_table()
    # A column without a value has no type that Spark knows.
    fields = [f.with_type(pa.string()) if f.type == pa.null() else f for f in arrow.schema]
    return spark.createDataFrame(arrow.cast(pa.schema(fields)))


def _spark_api(spark: "SparkSession") -> Any:
    # PySpark is an extra.
    from splink import SparkAPI

    return SparkAPI(  # type: ignore[no-untyped-call]
        spark_session=spark,
        # Our conditions need none of the functions in Splink's jar.
        register_udfs_automatically=False,
        break_lineage_method="persist",
    )
