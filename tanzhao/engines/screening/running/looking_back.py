"""Looking back from a hit of a run to the rows it rests on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from tanzhao.engines.screening.running.report import CannotRun
from tanzhao.engines.screening.store import Store


@dataclass(frozen=True)
class EvidenceRow:
    """A row as its file has it."""

    role: str
    table: str
    file: str
    sheet: str
    row_number: int
    cells: Mapping[str, str | None]  # heading to text, in the order of the sheet


@dataclass(frozen=True)
class Found:
    """A hit with the rows it rests on."""

    hit_id: str
    rule: str
    why_zh: str
    why_en: str
    rows: tuple[EvidenceRow, ...]


def look_back(store: Store, out: Path, hit: str) -> Found:
    """Give a hit and its rows; see the package's door."""
    try:
        document: dict[str, Any] = json.loads((out / "summary.json").read_text("utf-8"))
        fingerprint = document["fingerprint"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotRun("no_run", out=str(out)) from error
    if fingerprint != store.fingerprint:
        raise CannotRun("other_store")
    if store.expired_on is not None:
        raise CannotRun("expired", on=store.expired_on.isoformat())
    named = pc.starts_with(pc.field("hit_id"), hit.lower())
    hits = pq.read_table(
        out / "hits.parquet", columns=["hit_id", "rule", "why_zh", "why_en"], filters=named
    ).to_pylist()
    if len(hits) != 1:
        raise CannotRun("several_hits" if hits else "no_hit", hit=hit)
    one = hits[0]
    rows = pq.read_table(
        out / "evidence.parquet", filters=pc.field("hit_id") == one["hit_id"]
    ).to_pylist()
    return Found(
        **one,
        rows=tuple(
            EvidenceRow(
                row["role"],
                row["table"],
                row["file"],
                row["sheet"],
                row["row_number"],
                json.loads(row["cells"]),
            )
            for row in rows
        ),
    )
