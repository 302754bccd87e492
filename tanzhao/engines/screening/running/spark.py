"""The same files of a rule on Spark: translated by SQLGlot, with settings that make it strict."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import sqlglot
from sqlglot import exp

from tanzhao.engines.screening.rules import EVIDENCE, Rule
from tanzhao.engines.screening.running.desk import views_of, waited
from tanzhao.engines.screening.running.engines import HITS, EngineFailed, first_line, typed
from tanzhao.engines.screening.running.report import CannotRun, Options, Stopped
from tanzhao.engines.screening.store import Store
from tanzhao.engines.screening.tables import Datasets

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# What must not be left to the cluster: errors instead of wrapped numbers, one time zone.
SETTINGS: Mapping[str, str] = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.storeAssignmentPolicy": "ANSI",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "false",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
}


@contextmanager
def on_spark(store: Store, datasets: Datasets, options: Options) -> Iterator["OnSpark"]:
    """Open a session on `options.master`, or use the one that is open.

    Raises: CannotRun if PySpark is not installed or the cluster cannot be reached.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise CannotRun("no_spark") from error
    open_before = SparkSession.getActiveSession()
    try:
        session = open_before or _opened(options.master)
    except Exception as error:  # Java, Py4J and the cluster each raise their own
        raise CannotRun("spark", master=options.master, text=first_line(error)) from error
    for name, value in SETTINGS.items():
        session.conf.set(name, value)
    engine = OnSpark(session, options)
    try:
        for name, sql in views_of(store, datasets, links=options.links).items():
            engine.view(name, sql)
        yield engine
    finally:
        if open_before is None:
            session.stop()


def _opened(master: str) -> "SparkSession":
    from pyspark.sql import SparkSession

    builder: Any = SparkSession.builder
    return builder.master(master).appName("tanzhao").getOrCreate()  # type: ignore[no-any-return]


class OnSpark:
    """Runs rules on a Spark session."""

    def __init__(self, session: "SparkSession", options: Options) -> None:
        self._session = session
        self._options = options
        self._result: DataFrame | None = None

    def view(self, name: str, sql: str) -> None:
        """Let rules read a table of the store by its name."""
        tree = sqlglot.parse_one(sql, read="duckdb")
        for source in list(tree.find_all(exp.ReadParquet)):
            file = Path(source.expressions[0].name)
            # A path that is absolute is the same for the driver and for every worker.
            self._session.read.parquet(str(file.resolve())).createOrReplaceTempView(f"of_{name}")
            source.replace(exp.to_identifier(f"of_{name}"))
        self._session.sql(tree.sql(dialect="spark")).createOrReplaceTempView(name)

    def result(self, rule: Rule, values: Mapping[str, int]) -> pa.Table:
        # Kept by the cluster until the next rule: evidence.sql starts from it.
        self._forget()
        self._result = self._asked(rule.sql, values).cache()
        self._result.createOrReplaceTempView(HITS)
        return typed(self._collected(self._result), rule, rule.columns)

    def evidence(self, rule: Rule, values: Mapping[str, int]) -> pa.Table:
        rows = self._collected(self._asked(rule.evidence_sql, values))
        return typed(rows, rule, (*rule.key, *(name for name, _type in EVIDENCE)))

    def _asked(self, sql: str, values: Mapping[str, int]) -> "DataFrame":
        try:
            return self._session.sql(in_spark(sql, values))
        except Exception as error:  # Spark's and Py4J's
            raise EngineFailed(first_line(error)) from error

    def _forget(self) -> None:
        if self._result is not None:
            self._result.unpersist()
            self._result = None

    def _collected(self, rows: "DataFrame") -> pa.Table:
        try:
            return waited(
                rows.toArrow,
                stopped=self._options.stopped,
                cancel=self._session.sparkContext.cancelAllJobs,
            )
        except Stopped:
            raise
        except Exception as error:  # Spark's, Py4J's and Arrow's
            raise EngineFailed(first_line(error)) from error


def in_spark(sql: str, values: Mapping[str, int]) -> str:
    """Say a file of a rule in Spark's SQL, with the values of its thresholds."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    for place in list(tree.find_all(exp.Placeholder)):
        place.replace(exp.Literal.number(values[place.name]))
    return tree.sql(dialect="spark")
