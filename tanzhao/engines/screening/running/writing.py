"""Writing what a run gave: Parquet, the same to the byte for the same rows, and the summary."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tanzhao.engines.screening.hits import Hit
from tanzhao.engines.screening.running.report import Summary
from tanzhao.engines.screening.store import Order, Store

FORMAT = 1
ROWS_OF_A_GROUP = 50_000
HITS = pa.schema(
    [
        ("hit_id", pa.string()),
        ("rule", pa.string()),
        ("version", pa.string()),
        ("key", pa.string()),
        ("match_basis", pa.string()),
        ("weight", pa.int32()),
        ("amount_cents", pa.int64()),
        ("first_date", pa.date32()),
        ("last_date", pa.date32()),
        ("risk", pa.string()),
        ("facts", pa.string()),
        ("why_zh", pa.string()),
        ("why_en", pa.string()),
        ("evidence_rows", pa.int32()),
        ("fingerprint", pa.string()),
    ]
)
PROFILES = pa.schema(
    [
        ("rule", pa.string()),
        ("version", pa.string()),
        ("key", pa.string()),
        ("facts", pa.string()),
        ("why_zh", pa.string()),
        ("why_en", pa.string()),
        ("fingerprint", pa.string()),
    ]
)


def write_hits(file: Path, hits: Sequence[tuple[Hit, int]], fingerprint: str) -> None:
    """Write hits with the number of rows they rest on, in the order given."""
    columns: dict[str, list[Any]] = {
        name: [getattr(one, name) for one, _rows in hits]
        for name in HITS.names
        if name not in ("evidence_rows", "fingerprint")
    }
    columns["evidence_rows"] = [rows for _one, rows in hits]
    columns["fingerprint"] = [fingerprint] * len(hits)
    write_rows(file, HITS, [pa.table(columns, schema=HITS)])


def write_profiles(file: Path, lines: Sequence[Hit], fingerprint: str) -> None:
    """Write figures that are no hits."""
    columns: dict[str, list[Any]] = {
        name: [getattr(one, name) for one in lines] for name in PROFILES.names[:-1]
    }
    columns["fingerprint"] = [fingerprint] * len(lines)
    write_rows(file, PROFILES, [pa.table(columns, schema=PROFILES)])


def write_rows(file: Path, schema: pa.Schema, pieces: Iterable[pa.Table]) -> int:
    """Write rows in groups of one size, however the pieces are cut. Returns how many."""
    rows = 0
    kept: list[pa.Table] = []
    waiting = 0
    with pq.ParquetWriter(file, schema, compression="zstd", store_schema=False) as writer:
        for piece in pieces:
            kept.append(piece)
            rows, waiting = rows + piece.num_rows, waiting + piece.num_rows
            while waiting >= ROWS_OF_A_GROUP:
                table = pa.concat_tables(kept).combine_chunks()
                writer.write_table(table.slice(0, ROWS_OF_A_GROUP), ROWS_OF_A_GROUP)
                kept, waiting = [table.slice(ROWS_OF_A_GROUP)], waiting - ROWS_OF_A_GROUP
        if waiting:
            writer.write_table(pa.concat_tables(kept).combine_chunks(), ROWS_OF_A_GROUP)
    return rows


def write_summary(file: Path, store: Store, summary: Summary) -> None:
    """Write summary.json."""
    text = json.dumps(summary_document(store, summary), ensure_ascii=False, indent=1)
    file.write_text(text + "\n", "utf-8")


def summary_document(store: Store, summary: Summary) -> Mapping[str, Any]:
    """Give a summary as summary.json has it."""
    return {
        "format": FORMAT,
        "order": _order(store.order),
        "fingerprint": summary.fingerprint,
        "datasets": store.datasets,
        "engine": summary.engine.value,
        "links": summary.links,
        "hits": summary.hits,
        "evidence_rows": summary.evidence_rows,
        "seconds": round(sum(one.seconds for one in summary.rules), 3),
        "rules": [
            {
                "rule": one.rule,
                "version": one.version,
                "hits": one.hits,
                "figures": one.figures,
                "amount_cents": one.amount_cents,
                "rows_read": one.rows_read,
                "seconds": round(one.seconds, 3),
                **({"why": one.why, "values": dict(one.values)} if one.why else {}),
            }
            for one in summary.rules
        ],
    }


def _order(order: Order) -> dict[str, str]:
    return {
        "purpose": order.purpose,
        "approver": order.approver,
        "legal_basis": order.legal_basis,
        "expires": order.expires.isoformat(),
    }
