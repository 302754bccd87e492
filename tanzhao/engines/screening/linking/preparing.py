"""Records of persons and firms as Splink compares them: ASCII columns, made on distinct values."""

from collections.abc import Callable, Sequence

import duckdb
import numpy as np
import pyarrow as pa

from tanzhao.engines.screening.linking.model import Model
from tanzhao.engines.screening.linking.numbers import LENGTH, LOST, clean_number, swaps
from tanzhao.engines.screening.linking.sounds import Speller

# A number is looked for by its beginning, its end, and both ends: one error spares one of them.
NUMBERS = """
    facts.number[-11:] AS number_tail, facts.number[:13] AS number_front,
    facts.number[:7] || facts.number[-4:] AS number_ends
"""


def cut(model: Model, fact: str) -> Callable[[str], str]:
    """Give what cuts from a text what the pack says is no part of the name itself."""
    patterns = model.cutting.get(fact, ())

    def cutting(text: str) -> str:
        for pattern in patterns:
            text = pattern.sub("", text) or text
        return text

    return cutting


def prepare(
    connection: duckdb.DuckDBPyConnection, model: Model, speller: Speller
) -> tuple[str, str]:
    """Make the tables `known_records` and `asked_records` from `known` and `asked`.

    Both have record INTEGER (from 1, without gaps) and the facts of the model as VARCHAR; `known`
    of persons has number and birth_date of each person. Returns their names.
    """
    for fact in _texts(model):
        values: pa.ChunkedArray = connection.sql(f"""
            SELECT {fact} FROM known WHERE {fact} IS NOT NULL
            UNION SELECT {fact} FROM asked WHERE {fact} IS NOT NULL""").to_arrow_table()[fact]
        _spelled(connection, fact, model, speller, values)
    if model.subject == "person":
        _numbers(connection)
    made = {"person": _person, "firm": _firm}[model.subject]
    for side in ("known", "asked"):
        connection.execute(f"CREATE OR REPLACE TABLE {side}_records AS {made(side)}")
    return "known_records", "asked_records"


def _texts(model: Model) -> Sequence[str]:
    return {
        "person": ("name", "village", "township"),
        "firm": ("name", "address", "legal_person"),
    }[model.subject]


def _spelled(
    connection: duckdb.DuckDBPyConnection,
    fact: str,
    model: Model,
    speller: Speller,
    values: pa.ChunkedArray,
) -> None:
    """Make the table `spelled_FACT`: distinct values and their spellings, whole and cut."""
    texts = values.to_pylist()
    wholes = speller.spell_all(texts)
    shorts = speller.spell_all(map(cut(model, fact), texts)) if fact in model.cutting else wholes
    columns = {"whole": wholes["characters"], **shorts}
    arrow = pa.table({"value": values, **{name: _ascii(cells) for name, cells in columns.items()}})
    connection.register("spelling", arrow)
    connection.execute(f"CREATE OR REPLACE TABLE spelled_{fact} AS FROM spelling")
    connection.unregister("spelling")


def _ascii(cells: Sequence[str]) -> pa.Array:
    """Give a column of ASCII, an empty text null: quicker than to append text by text."""
    lengths = np.fromiter(map(len, cells), dtype=np.int64, count=len(cells))
    ends = np.cumsum(np.append(0, lengths))
    is_valid = np.packbits(lengths > 0, bitorder="little")
    characters = "".join(cells).encode("ascii")
    validity, offsets, data = map(pa.py_buffer, (is_valid, ends, characters))
    return pa.LargeStringArray.from_buffers(len(cells), offsets, data, validity)


def _numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `cleaned` of what is written as a number where none could be taken."""
    written = connection.execute("SELECT DISTINCT number FROM asked ORDER BY 1").fetchall()
    texts = [text for (text,) in written if text]
    pairs = pa.table(
        {
            "value": _strings(texts),
            "number": _strings([clean_number(text) for text in texts]),
        }
    )
    connection.register("cleaning", pairs)
    connection.execute("CREATE OR REPLACE TABLE cleaned AS FROM cleaning")
    connection.unregister("cleaning")
    _swaps(connection)


def _swaps(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables `swapping_known` and `swapping_asked`: what tells of swapped neighbours."""
    written = "asked JOIN cleaned ON cleaned.value = asked.number"
    for side, numbers in (
        ("known", "SELECT record, number FROM known"),
        ("asked", f"SELECT record, cleaned.number FROM {written}"),
    ):
        # Nobody is asked about by a whole number: then none is looked at.
        whole: pa.Table = connection.sql(f"""
            SELECT record, number FROM ({numbers})
            WHERE length(number) = {LENGTH} AND NOT ends_with(number, '{LOST}')
                AND EXISTS (FROM cleaned WHERE length(number) = {LENGTH})""").to_arrow_table()
        sums, digits = swaps(whole["number"].combine_chunks())
        arrow = pa.table({"record": whole["record"], "sums": sums, "digits": digits})
        connection.register("of_numbers", arrow)
        connection.execute(f"CREATE OR REPLACE TABLE swapping_{side} AS FROM of_numbers")
        connection.unregister("of_numbers")


def _strings(cells: Sequence[str | None]) -> pa.Array:
    """Give a column of text. `pa.array` would load pandas to see whether the list is one of its."""
    builder = pa.lib.StringBuilder()
    builder.append_values(cells)
    return builder.finish()


def _person(side: str) -> str:
    if side == "known":
        number, born, join = "s.number", "strftime(s.birth_date, '%Y%m%d')", ""
    else:
        # Day of birth of a number and the number are one fact: it counts once.
        number = "cleaned.number"
        born = "CASE WHEN cleaned.number IS NULL THEN strftime(s.birth_date, '%Y%m%d') END"
        join = "LEFT JOIN cleaned ON cleaned.value = s.number"
    return f"""
        WITH facts AS (
            SELECT s.record, n.characters, n.pinyin, n.folded, n.in_order, n.surname,
                {number} AS number, {born} AS born,
                v.characters AS village, v.folded AS village_sound, t.characters AS township,
                s.household, s.sex
            FROM {side} AS s {join}
            LEFT JOIN spelled_name AS n ON n.value = s.name
            LEFT JOIN spelled_village AS v ON v.value = s.village
            LEFT JOIN spelled_township AS t ON t.value = s.township)
        SELECT facts.*, w.sums AS number_sums, w.digits AS number_digits,
            township || '/' || village AS place, {NUMBERS}, born[:4] AS birth_year
        FROM facts LEFT JOIN swapping_{side} AS w ON w.record = facts.record"""


def _firm(side: str) -> str:
    return f"""
        SELECT s.record, n.whole, n.characters, n.pinyin, n.folded,
            n.characters[:10] AS beginning,
            a.characters AS address, a.folded AS address_sound, a.characters[-25:] AS address_end,
            p.characters AS legal_person, p.folded AS legal_sound
        FROM {side} AS s
        LEFT JOIN spelled_name AS n ON n.value = s.name
        LEFT JOIN spelled_address AS a ON a.value = s.address
        LEFT JOIN spelled_legal_person AS p ON p.value = s.legal_person"""
