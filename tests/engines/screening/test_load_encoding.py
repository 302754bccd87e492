"""A column becomes its distinct texts and a code for each row, however many texts there are."""

import polars as pl
import pytest

from tanzhao.engines.screening.loading import encoding
from tanzhao.engines.screening.loading.encoding import distinct, encode

ROWS = 30_000
COLUMNS = {
    "few": [("低保", "高龄", "", None)[n % 4] for n in range(ROWS)],
    "few at first": [str(n % 3) if n < 25_000 else f"户{n}" for n in range(ROWS)],
    "many": [f"户{n % 9000}" if n % 5 else None for n in range(ROWS)],
    "each another": [f"户{n}" for n in range(ROWS)],
    "one": ["县财政局"] * ROWS,
    "none": [None] * ROWS,
}


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize("same_hashes", [False, True])
def test_codes_and_texts_give_the_column_again(name, same_hashes, monkeypatch):
    column = pl.Series("text", COLUMNS[name], dtype=pl.String)
    if same_hashes:  # of all texts, as if by chance
        numbered = encoding._numbered
        monkeypatch.setattr(encoding, "_numbered", lambda hashes: numbered(hashes * 0))

    codes, texts = distinct(column)

    assert len(texts) == column.n_unique() == texts.n_unique()
    assert texts.gather(pl.Series(codes)).to_list() == COLUMNS[name]


def test_blank_cells_are_empty_whichever_way_texts_are_numbered():
    few = encode(pl.Series([" 甲", "\u3000", None, '="乙"'] * 10_000))
    short = encode(pl.Series([" 甲", "\u3000", None, '="乙"']))

    for encoded in (few, short):
        assert [int(code) < 0 for code in encoded.codes[:4]] == [False, True, True, False]
        assert encoded.spread(encoded.texts).to_list()[:4] == [" 甲", None, None, "乙"]
