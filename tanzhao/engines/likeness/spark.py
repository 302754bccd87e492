"""The same pairs on a Spark cluster: prints and judgement on its workers, the join in between.

Workers need this program and numba, not pandas and not Spark's Arrow. The texts lie in a file that
driver and workers can read.
"""

import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tanzhao.engines.likeness import common_passages, prints_of
from tanzhao.engines.likeness.comparing import Comparison
from tanzhao.engines.likeness.keeping.adding import By
from tanzhao.engines.likeness.keeping.texts_file import PlainTexts, Some, WrittenTexts
from tanzhao.engines.likeness.store import NoStore
from tanzhao.engines.likeness.texts import CommonPassage, Found, Pair, Passage, Span

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

ROOT = Path(__file__).resolve().parents[3]
# Few enough that one worker holds them with their partners, many enough to keep all of them busy.
DOCUMENTS_OF_A_PART = 2_000
PRINTS = "key string, hash long"
PAIRS = (
    "left string, right string, left_share double, right_share double, "
    "spans array<int>, same array<double>"
)


def scan_on_spark(texts: Path, by: By, *, master: str) -> Found:
    """Find on a cluster what `scan` finds: the same pairs, the same common passages.

    The driver reads the texts that hold common wording, once, and stitches common passages; it
    needs about as much memory for them as a scan does.

    Args:
        texts: a file that `write_texts` wrote; every worker must be able to read it.
        master: address of the cluster; the session that is open is used if there is one.
    Raises: NoStore("no_pyspark" or "cluster").
    """
    with _session(master) as session:
        try:
            documents = session.read.parquet(str(texts.resolve())).select("key", "text")
            count = documents.count()
            parts = max(count // DOCUMENTS_OF_A_PART, session.sparkContext.defaultParallelism)
            documents = documents.repartition(parts, "key").cache()
            prints = _on_workers(session, documents, "print_rows", (by,), PRINTS).cache()
            pairing, common = _counted(session, prints, by)
            pairs = _pairs(session, documents, prints.join(pairing, "hash"), by)
            rows = prints.join(common, "hash", "left_semi").select("key").distinct().collect()
            holders = sorted(row["key"] for row in rows)
        except Exception as error:  # Spark's, Py4J's and the workers'
            raise NoStore("cluster", master=master, text=_said(error)) from error
    return Found(pairs, _common(texts, holders, by))


def _said(error: Exception) -> str:
    """Give the line in which Spark, or the Python of a worker, says what is wrong."""
    lines = [line.strip() for line in str(error).strip().splitlines() if line.strip()]
    telling = [
        line for line in lines if "Error" in line.split(":")[0] and " " not in line.split(":")[0]
    ]
    return (telling or lines or [type(error).__name__])[0]


def _on_workers(
    session: "SparkSession", rows: "DataFrame", name: str, given: tuple[Any, ...], schema: str
) -> "DataFrame":
    """Let `name` of this module turn rows into others, part by part."""
    return session.createDataFrame(
        rows.rdd.mapPartitions(_shipped(str(ROOT), __name__, name, pickle.dumps(given))), schema
    )


def _shipped(
    root: str, module: str, name: str, given: bytes
) -> Callable[[Iterable[Any]], Iterator[Any]]:
    def work(rows: Iterable[Any]) -> Iterator[Any]:
        # Where the program is not installed, it lies in the same folder as for the driver.
        if root not in sys.path:
            sys.path.append(root)
        function = getattr(import_module(module), name)
        # Unpacked only now: what is given is ours, and ours could not be imported before.
        there: Iterator[Any] = function(rows, *pickle.loads(given))  # noqa: S301
        return there

    return work


def print_rows(rows: Iterable[Any], by: By) -> Iterator[tuple[str, int]]:
    """Give (key, hash) for rows (key, text), each once. Runs on a worker."""
    for key, text in rows:
        for one in np.unique(prints_of(text, by.settings).hashes).tolist():
            yield key, one


def _of_templates(by: By) -> list[int]:
    hashes: set[int] = set()
    for text in by.templates.values():
        hashes |= set(prints_of(text, by.settings).hashes.tolist())
    return sorted(hashes)


def _counted(
    session: "SparkSession", prints: "DataFrame", by: By
) -> tuple["DataFrame", "DataFrame"]:
    """Give (hash, keys) of prints that make pairs, and (hash) of those that are common."""
    from pyspark.sql import functions as F  # noqa: N812

    templates = session.createDataFrame([(one,) for one in _of_templates(by)], "hash long")
    counted = prints.groupBy("hash").agg(F.count("key").alias("held"))
    common = counted.where(counted.held > by.settings.cap).select("hash")
    common = common.unionByName(templates).distinct()
    pairing = counted.where((counted.held > 1) & (counted.held <= by.settings.cap))
    pairing = pairing.join(templates, "hash", "left_anti").select("hash", "held")
    return pairing, common


def _pairs(
    session: "SparkSession", documents: "DataFrame", held: "DataFrame", by: By
) -> tuple[Pair, ...]:
    """Judge documents that share prints. `held`: (hash, key, by how many it is held)."""
    from pyspark.sql import functions as F  # noqa: N812

    other = held.select("hash", F.col("key").alias("right"))
    shared = (
        held.withColumnRenamed("key", "left")
        .join(other, "hash")
        .where(F.col("left") < F.col("right"))
        .groupBy("left", "right")
        .agg(F.collect_list(F.struct("hash", "held")).alias("shared"))
    )
    lefts = documents.select(F.col("key").alias("left"), F.col("text").alias("left_text"))
    rights = documents.select(F.col("key").alias("right"), F.col("text").alias("right_text"))
    rows = (
        shared.join(lefts, "left")
        .join(rights, "right")
        .select("left", "left_text", "right", "right_text", "shared")
    )
    found = _on_workers(session, rows, "pair_rows", (by,), PAIRS).collect()
    return tuple(sorted((_pair(row) for row in found), key=lambda one: (one.left, one.right)))


def pair_rows(rows: Iterable[Any], by: By) -> Iterator[tuple[Any, ...]]:
    """Judge rows (left, its text, right, its text, shared prints). Runs on a worker."""
    comparison: Comparison | None = None
    for left, left_text, right, right_text, shared in rows:
        # Made once for a part: allowed texts and templates are folded and printed.
        comparison = comparison or Comparison(_Nothing(), by.settings, by.allowed, by.templates)
        one, other = (prints_of(text, by.settings).hashes for text in (left_text, right_text))
        hashes = np.intersect1d(one, other)
        # What both have and is not among the shared prints is common.
        counts = np.full(len(hashes), by.settings.cap + 1, dtype=np.int64)
        for hash_, held in shared:
            counts[np.searchsorted(hashes, hash_)] = held
        weights = comparison.weights(hashes, counts)
        pair = comparison.judged((left, left_text), (right, right_text), hashes, weights)
        if pair:
            spans = [edge for part in pair.passages for edge in (*part.left, *part.right)]
            same = [part.same for part in pair.passages]
            yield left, right, pair.left_share, pair.right_share, spans, same


class _Nothing:
    """Nothing is known: two documents are judged by the counts that the cluster found."""

    def postings(self, hashes: Any) -> Any:
        raise NotImplementedError

    def text(self, key: str) -> str:
        raise KeyError(key)

    def partners(self, _key: str) -> tuple[str, ...]:
        return ()


def _pair(row: Any) -> Pair:
    spans = row["spans"]
    passages = tuple(
        Passage(Span(*spans[at : at + 2]), Span(*spans[at + 2 : at + 4]), row["same"][at // 4])
        for at in range(0, len(spans), 4)
    )
    return Pair(row["left"], row["right"], row["left_share"], row["right_share"], passages)


def _common(texts: Path, holders: list[str], by: By) -> tuple[CommonPassage, ...]:
    if not holders:
        return ()
    wanted = set(holders)
    written = WrittenTexts(texts)
    some = PlainTexts(Some(written, [key for key in written if key in wanted]))
    return common_passages(some, by.settings, allowed=by.allowed, templates=by.templates)


@contextmanager
def _session(master: str) -> Iterator["SparkSession"]:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise NoStore("no_pyspark") from error
    before = SparkSession.getActiveSession()
    try:
        builder: Any = SparkSession.builder
        session = before or builder.master(master).appName("tanzhao").getOrCreate()
    except Exception as error:  # Java, Py4J and the cluster each raise their own
        text = str(error).strip().split("\n")[0]
        raise NoStore("cluster", master=master, text=text) from error
    context = session.sparkContext
    if context.pythonExec == "python3":
        # Nobody said which Python: the one that has what this program needs, not the system's.
        context.pythonExec = sys.executable
    try:
        yield session
    finally:
        if before is None:
            session.stop()
