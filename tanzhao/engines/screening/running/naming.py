"""From results of rules to hits: keys become numbers, every hit gets its name and sentence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from tanzhao.engines.screening.hits import BASES, Hit, Sentence, Value, as_json, hit_id
from tanzhao.engines.screening.rules import Rule, kind_of
from tanzhao.engines.screening.running.desk import Desk, source_of
from tanzhao.engines.screening.store import Store
from tanzhao.engines.screening.tables import KEY_KINDS, NUMBERS, Kind

type Numbers = Mapping[Kind, Mapping[int, str]]


@dataclass(frozen=True)
class Result:
    """What rule.sql gave, and with which thresholds."""

    rule: Rule
    values: Mapping[str, int]
    rows: pa.Table


def numbers_of(results: Iterable[Result], store: Store, desk: Desk) -> Numbers:
    """Look up what the keys in the results stand for, each kind in one go."""
    keys: dict[Kind, list[pa.ChunkedArray]] = {}
    for result in results:
        for column in result.rows.column_names:
            kind = kind_of(column, result.rule.facts)
            if kind in KEY_KINDS:
                keys.setdefault(kind, []).append(result.rows[column])
    found: dict[Kind, dict[int, str]] = {}
    for kind, columns in keys.items():
        # A rule without a hit has a column without a chunk, and no chunk tells the type.
        chunks = [chunk for column in columns for chunk in column.chunks]
        wanted = pa.chunked_array(chunks, type=columns[0].type)
        if len(wanted) == wanted.null_count:
            found[kind] = {}
            continue
        key, number = (name for name, _type in NUMBERS[f"{kind}_numbers"][:2])
        desk.show("wanted", pa.table({"wanted_key": pc.unique(wanted)}))
        rows = desk.ask(
            f"SELECT {key}, {number} FROM {source_of(store.numbers(kind))} "
            f"SEMI JOIN wanted ON {key} = wanted_key"
        )
        found[kind] = dict(zip(rows[key].to_pylist(), rows[number].to_pylist(), strict=True))
    return found


def hits_of(result: Result, numbers: Numbers) -> list[Hit]:
    """Name and say every row of a result, in the order of the result."""
    rule = result.rule
    kinds = {name: kind_of(name, rule.facts) for name in (*rule.columns, *result.values)}
    facts = tuple(name for name in rule.facts if name not in rule.key)
    zh = Sentence(rule.why_zh, kinds, chinese=True)
    en = Sentence(rule.why_en, kinds, chinese=False)
    hits = []
    for row in _rows_with_numbers(result.rows, kinds, numbers):
        said = {**result.values, **row}
        hits.append(
            Hit(
                hit_id=hit_id(rule.name, rule.version, (row[name] for name in rule.key)),
                rule=rule.name,
                version=rule.version,
                key=as_json({name: row[name] for name in rule.key}),
                match_basis=BASES[max(0, min(_whole(row["match_basis"]) or 0, len(BASES) - 1))],
                weight=None,
                amount_cents=_whole(row["amount_cents"]),
                first_date=row["first_date"],  # type: ignore[arg-type]  # typed() made it a day
                last_date=row["last_date"],  # type: ignore[arg-type]
                risk=rule.risk.value,
                facts=as_json({name: row[name] for name in facts}),
                why_zh=zh.filled(said),
                why_en=en.filled(said),
            )
        )
    return hits


def _whole(value: Value) -> int | None:
    return value if isinstance(value, int) else None


def _rows_with_numbers(
    rows: pa.Table, kinds: Mapping[str, Kind | None], numbers: Numbers
) -> Iterable[dict[str, Value]]:
    columns: list[Sequence[Value]] = []
    for name in rows.column_names:
        values: Sequence[Value] = rows[name].to_pylist()
        kind = kinds[name]
        if kind in KEY_KINDS:
            known = numbers[kind]
            values = [known.get(key) if isinstance(key, int) else None for key in values]
        columns.append(values)
    names = rows.column_names
    return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))
