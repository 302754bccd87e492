"""The rows that hits rest on: noted rule by rule, and read as the files have them in one pass."""

from collections.abc import Iterator, Sequence

import pyarrow as pa

from tanzhao.engines.screening.hits import Hit
from tanzhao.engines.screening.rules import Rule
from tanzhao.engines.screening.running.desk import Desk, source_of
from tanzhao.engines.screening.running.raw import columns_of
from tanzhao.engines.screening.store import Source, Store
from tanzhao.engines.screening.tables import Datasets, Kind

ROWS_AT_ONCE = 20_000
COLUMNS = pa.schema(
    [
        ("hit_id", pa.string()),
        ("role", pa.string()),
        ("table", pa.string()),
        ("file", pa.string()),
        ("sheet", pa.string()),
        ("row_number", pa.int32()),
        ("cells", pa.string()),  # JSON: heading to text, in the order of the sheet
    ]
)


def begin(desk: Desk, store: Store) -> None:
    """Make ready for what the rules rest on."""
    desk.do(
        "CREATE TEMP TABLE rests_on (rule INTEGER, hit INTEGER, role VARCHAR, source_key INTEGER, "
        "row_number INTEGER)"
    )
    sources = sorted(store.sources, key=lambda one: (one.file, one.sheet, one.key))
    desk.show(
        "sheets",
        pa.table(
            {
                "source_key": pa.array([one.key for one in sources], pa.int32()),
                "place": pa.array(range(len(sources)), pa.int32()),
            }
        ),
    )


def note(desk: Desk, at: int, rule: Rule, result: pa.Table, rows: pa.Table) -> None:
    """Note what the hits of rule number `at` rest on.

    Args:
        result: of rule.sql; a hit is named by its place in it. rows: of evidence.sql.
    """
    desk.show(
        "hit_keys",
        result.select(list(rule.key)).append_column(
            "hit", pa.array(range(result.num_rows), pa.int32())
        ),
    )
    desk.show("found", rows)
    same = " AND ".join(f"hit_keys.{name} IS NOT DISTINCT FROM found.{name}" for name in rule.key)
    desk.do(
        f"INSERT INTO rests_on SELECT DISTINCT {at}, hit, role, source_key, row_number "
        f"FROM found INNER JOIN hit_keys ON {same} "
        "WHERE source_key IS NOT NULL AND row_number IS NOT NULL"
    )


def counted(desk: Desk) -> dict[tuple[int, int], int]:
    """Say on how many rows each hit rests, by number of rule and of hit."""
    rows = desk.ask("SELECT rule, hit, count(*) AS rows FROM rests_on GROUP BY rule, hit")
    names = zip(rows["rule"].to_pylist(), rows["hit"].to_pylist(), strict=True)
    return dict(zip(names, rows["rows"].to_pylist(), strict=True))


def weights(desk: Desk, store: Store, datasets: Datasets) -> dict[tuple[int, int], int]:
    """Give the weight of the weakest link that a hit rests on, for hits that rest on any."""
    found: dict[tuple[int, int], int] = {}
    for name in store.tables:
        persons = [one.name for one in datasets.tables[name].columns if one.kind == Kind.PERSON]
        for person in persons:
            rows = desk.ask(
                f"SELECT rule, hit, min({person}_weight) AS weight FROM rests_on "
                f"INNER JOIN {source_of(store.table(name))} AS t USING (source_key, row_number) "
                f"WHERE {person}_basis > 0 AND {person}_weight IS NOT NULL GROUP BY rule, hit"
            )
            for rule, hit, weight in zip(
                *(rows[c].to_pylist() for c in rows.column_names), strict=True
            ):
                found[rule, hit] = min(weight, found.get((rule, hit), weight))
    return found


def read(desk: Desk, store: Store, hits: Sequence[Sequence[Hit]]) -> Iterator[pa.Table]:
    """Give every row of evidence with its cells, in the order of hits.parquet, a piece at a time.

    Args:
        hits: of each rule, in the order of the rule's result.
    """
    order = sorted(
        ((one.rule, one.hit_id), rule, hit)
        for rule, of_rule in enumerate(hits)
        for hit, one in enumerate(of_rule)
    )
    desk.show(
        "in_order",
        pa.table(
            {
                "rule": pa.array([rule for _name, rule, _hit in order], pa.int32()),
                "hit": pa.array([hit for _name, _rule, hit in order], pa.int32()),
                "position": pa.array(range(len(order)), pa.int32()),
            }
        ),
    )
    desk.do(
        "CREATE TEMP TABLE ordered AS SELECT position, role, place, source_key, row_number "
        "FROM rests_on INNER JOIN in_order USING (rule, hit) INNER JOIN sheets USING (source_key)"
    )
    used = {key for (key,) in desk.rows("SELECT DISTINCT source_key FROM ordered")}
    sources = [one for one in store.sources if one.key in used]
    if not sources:
        return
    for source in sources:
        desk.do(_cells_of(source, store))
    names = [name for (_rule, name), _n, _h in order]
    by_key = {one.key: one for one in sources}
    batches = desk.stream(
        "SELECT position, role, source_key, row_number, cells FROM ordered INNER JOIN ("
        + " UNION ALL ".join(f"FROM cells_{one.key}" for one in sources)
        + ") USING (source_key, row_number) ORDER BY position, role, place, row_number",
        ROWS_AT_ONCE,
    )
    for batch in batches:
        yield _written(batch, names, by_key)


def _cells_of(source: Source, store: Store) -> str:
    """Give the statement that reads the wanted rows of one sheet, as its file has them."""
    cells = ", ".join(f"{_text(name)}, {column}" for name, column in columns_of(source, store))
    return (
        f"CREATE TEMP TABLE cells_{source.key} AS SELECT {source.key} AS source_key, row_number, "
        f"CAST(json_object({cells}) AS VARCHAR) AS cells "
        f"FROM {source_of(store.raw(source.key))} SEMI JOIN "
        f"(SELECT row_number FROM ordered WHERE source_key = {source.key}) USING (row_number)"
    )


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _written(batch: pa.RecordBatch, names: Sequence[str], sources: dict[int, Source]) -> pa.Table:
    of_sheet = [sources[key] for key in batch["source_key"].to_pylist()]
    return pa.table(
        [
            pa.array([names[at] for at in batch["position"].to_pylist()], pa.string()),
            batch["role"].cast(pa.string()),
            pa.array([one.table for one in of_sheet], pa.string()),
            pa.array([one.file for one in of_sheet], pa.string()),
            pa.array([one.sheet for one in of_sheet], pa.string()),
            batch["row_number"].cast(pa.int32()),
            batch["cells"].cast(pa.string()),
        ],
        schema=COLUMNS,
    )
