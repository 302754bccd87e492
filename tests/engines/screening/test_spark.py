"""Spark gives what DuckDB gives: every shipped rule, on a cluster of two workers."""

import shutil
from pathlib import Path

import duckdb
import pytest

from tanzhao.engines.screening.loading import load
from tanzhao.engines.screening.loading.mapping import map_from
from tanzhao.engines.screening.running import run_rules
from tanzhao.engines.screening.running.report import Engine, Options
from tanzhao.engines.screening.running.spark import in_spark
from tests.engines.screening.examples import DATASETS, ORDER, PACKS, RULES
from tests.engines.screening.refusals import DIFFERS, MANY, PORTABLE, PORTABLE_QUERIES, ROW, TIES

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(shutil.which("java") is None, reason="no Java on this machine"),
    # PySpark's own doings.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
WORKERS = 2


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """One store of the examples of all rules."""
    folder = tmp_path_factory.mktemp("examples")
    extracts = folder / "extracts"
    extracts.mkdir()
    sources = []
    for file in sorted((PACKS / "screening").glob("*/example/*.csv")):
        if file.stem != "hits":
            name = f"{file.parent.parent.name}-{file.name}"
            shutil.copy(file, extracts / name)
            sources.append({"files": name, "table": file.stem})
    the_map = map_from({"order": ORDER, "source": sources}, DATASETS)
    report = load(extracts, the_map, DATASETS, folder / "store")
    assert report.refused == ()
    return report.store


def test_every_shipped_rule_gives_the_same_rows_on_a_cluster_of_two_workers(spark, store, tmp_path):
    rules = RULES.values()

    on_duckdb = run_rules(store, rules, DATASETS, out=tmp_path / "duckdb", options=Options())
    options = Options(engine=Engine.SPARK, master=spark.sparkContext.master)
    on_spark = run_rules(store, rules, DATASETS, out=tmp_path / "spark", options=options)

    assert _workers(spark) == WORKERS
    assert on_spark.failed == on_duckdb.failed == ()
    assert [(one.rule, one.hits, one.figures) for one in on_spark.rules] == [
        (one.rule, one.hits, one.figures) for one in on_duckdb.rules
    ]
    # Every rule gives something, or nothing was compared.
    assert all(one.hits or one.figures for one in on_duckdb.rules)
    assert _bytes(tmp_path / "spark") == _bytes(tmp_path / "duckdb")


def test_what_the_linter_refuses_differs_on_spark_or_fails(spark):
    for one in DIFFERS:
        on_duckdb, on_spark = both(spark, one.sql, as_it_is=one.as_it_is)
        assert on_duckdb != on_spark, one.sql


def test_what_the_linter_lets_through_is_the_same_on_spark(spark):
    columns = ", ".join(f"{sql} AS c{at}" for at, sql in enumerate(PORTABLE))

    on_duckdb, on_spark = both(spark, f"SELECT {columns} FROM odd")
    assert [
        (sql, here, there)
        for sql, here, there in zip(PORTABLE, on_duckdb[0], on_spark[0], strict=True)
        if repr(here) != repr(there)
    ] == []
    for query in PORTABLE_QUERIES:
        on_duckdb, on_spark = both(spark, f"WITH {MANY} {query}")
        assert on_duckdb == on_spark, query


def both(spark, sql, *, as_it_is=False):
    """Give the sorted rows of both engines, or None of one that refuses."""
    if not sql.startswith(("SELECT", "WITH")):
        sql = f"SELECT {sql} AS r FROM odd"
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW odd AS {ROW}")
        connection.execute(f"CREATE VIEW ties AS {TIES}")
        try:
            here = sorted(connection.execute(sql).fetchall(), key=repr)
        except duckdb.Error:
            here = None
    for name, view in (("odd", ROW), ("ties", TIES)):
        spark.sql(in_spark(view, {})).createOrReplaceTempView(name)
    try:
        rows = spark.sql(sql if as_it_is else in_spark(sql, {})).collect()
    except Exception as error:
        assert "Spark" in repr(error) or "Exception" in repr(error)  # it is Spark that refuses
        return here, None
    return here, sorted(map(tuple, rows), key=repr)


def _bytes(out: Path) -> dict[str, bytes]:
    return {
        name: (out / f"{name}.parquet").read_bytes() for name in ("hits", "evidence", "profiles")
    }


def _workers(spark) -> int:
    return spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1  # the driver apart


def test_a_cluster_finds_and_weighs_the_same_candidates_of_links(spark):
    import duckdb

    from tanzhao.engines.screening.linking.preparing import prepare
    from tanzhao.engines.screening.linking.scoring import score
    from tests.engines.screening import linking_tables

    model = linking_tables.persons_model()
    with duckdb.connect(config={"threads": 1}) as connection:
        linking_tables.people_into(connection, known=300, asked=60, seed=5)
        known, asked = prepare(connection, model, linking_tables.chinese_speller())
        pairs = []
        for session in (None, spark):
            score(connection, model, known=known, asked=asked, spark=session)
            pairs.append(connection.execute("FROM pairs ORDER BY ALL").fetchall())

    assert len(pairs[0]) > 40
    assert pairs[0] == pairs[1]
