"""A volume made of plain values, and an engagement that is ready for one."""

import datetime as dt
from io import BytesIO
from pathlib import Path

from tanzhao.archive.writing import Piece, write_volume
from tanzhao.audit.chain import START, hash_of

AT = dt.datetime(2026, 7, 1, 12, 30, 15)
SCOPE = "11111111-1111-1111-1111-111111111111"


def entries(count: int, *, gap_after: int = 0) -> list[dict]:
    """Make a chain of entries; those at and before `gap_after` are not in the extract."""
    chain, previous = [], START
    for position in range(1, count + 1):
        entry = {
            "position": position, "at": "2026-07-01T04:00:00.000000+00:00", "verb": "paper.seen",
            "actor": None, "actor_name": "甲", "target_type": "papers.workingpaper",
            "target_id": SCOPE, "target_name": "底稿", "scope_id": SCOPE,
            "details": {"n": position}, "previous_hash": previous,
        }  # fmt: skip
        entry["hash"] = previous = hash_of(entry)
        chain.append(entry)
    return [entry for entry in chain if entry["position"] != gap_after]


def volume_at(path: Path, *, chain: list[dict] | None = None) -> Path:
    """Write a small whole volume."""
    chain = entries(5, gap_after=3) if chain is None else chain
    with path.open("w+b") as file:
        write_volume(
            file,
            about={"engagement": SCOPE, "unit": "县交通运输局", "round": "第六轮"},
            pieces=[
                Piece("01_授权", "授权任职及任务分工的决定", ".docx", lambda: BytesIO(b"decision")),
                Piece("02_底稿与佐证", "底稿：接待费", ".docx", lambda: BytesIO(b"paper")),
                Piece("02_底稿与佐证", "佐证1：记账/凭证", ".pdf", lambda: BytesIO(b"%PDF-" * 40)),
            ],
            trail={
                "scope": SCOPE,
                "head": {"position": chain[-1]["position"], "hash": chain[-1]["hash"]},
                "entries": chain,
            },
            sheet=lambda written: b"xlsx of %d" % len(written),
            how_to_check="怎样核对",
            at=AT,
        )
    return path
