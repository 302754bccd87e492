"""Reading text files (.csv, .txt, .tsv): encoding, mark between cells, ragged rows."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from tanzhao.engines.screening.loading.report import Refused
from tanzhao.engines.screening.loading.sheets import Sheet


def open_text(file: Path) -> Sheet:
    """Open a text file.

    Raises: Refused.
    """

    def pieces() -> Iterator[pl.DataFrame]:
        content = file.read_bytes()
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                text = content.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
        else:
            raise Refused("encoding")
        mark = max(",\t;|", key=lambda one: text[:20000].count(one))
        frame = pl.read_csv(
            text.encode(),
            has_header=False,
            separator=mark,
            infer_schema=False,
            truncate_ragged_lines=True,
        )
        frame = frame.rename({name: f"c{n}" for n, name in enumerate(frame.columns)})
        empty = frame.select(pl.all_horizontal(pl.all().is_null())).to_series()
        yield frame.with_row_index("row_number", 1).filter(~empty)

    return Sheet("", pieces)
