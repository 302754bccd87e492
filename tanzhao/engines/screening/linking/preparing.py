"""Records of persons and firms as Splink compares them: ASCII columns, made on distinct values."""

from collections.abc import Callable, Iterable, Sequence

import duckdb
import pyarrow as pa

from tanzhao.engines.screening.linking.model import Model
from tanzhao.engines.screening.linking.numbers import LENGTH, clean_number, swaps
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
        values = connection.execute(
            f"SELECT {fact} FROM known UNION SELECT {fact} FROM asked ORDER BY 1"
        ).fetchall()
        _spelled(connection, f"spelled_{fact}", model, speller, (v for (v,) in values if v))
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
    table: str,
    model: Model,
    speller: Speller,
    values: Iterable[str],
) -> None:
    """Make a table of distinct values and their spellings, whole and cut."""
    fact = table.removeprefix("spelled_")
    texts = list(values)
    wholes = speller.spell_all(texts)
    shorts = speller.spell_all(map(cut(model, fact), texts)) if fact in model.cutting else wholes
    columns = {
        "value": texts,
        "whole": [one.characters or None for one in wholes],
        "characters": [one.characters or None for one in shorts],
        "pinyin": [one.pinyin or None for one in shorts],
        "folded": [one.folded or None for one in shorts],
        "in_order": [one.in_order or None for one in shorts],
        "surname": [one.surname or None for one in shorts],
    }
    arrow = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    connection.register("spelling", arrow)
    connection.execute(f"CREATE OR REPLACE TABLE {table} AS FROM spelling")
    connection.unregister("spelling")


def _numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `cleaned` of what is written as a number where none could be taken."""
    written = connection.execute("SELECT DISTINCT number FROM asked ORDER BY 1").fetchall()
    texts = [text for (text,) in written if text]
    pairs = pa.table(
        {
            "value": pa.array(texts, pa.string()),
            "number": pa.array([clean_number(text) for text in texts], pa.string()),
        }
    )
    connection.register("cleaning", pairs)
    connection.execute("CREATE OR REPLACE TABLE cleaned AS FROM cleaning")
    connection.unregister("cleaning")
    _swaps(connection)


def _swaps(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `swapping`: what tells of swapped neighbours, for each whole number."""
    rows = connection.execute(f"""
        SELECT number FROM (SELECT number FROM known UNION SELECT number FROM cleaned)
        WHERE length(number) = {LENGTH} AND regexp_full_match(number, '[0-9X]+')
            AND EXISTS (FROM cleaned WHERE length(number) = {LENGTH}) ORDER BY 1""").fetchall()
    numbers = [number for (number,) in rows]
    sums, digits = swaps(numbers)
    columns = {"number": numbers, "sums": sums, "digits": digits}
    arrow = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    connection.register("of_numbers", arrow)
    connection.execute("CREATE OR REPLACE TABLE swapping AS FROM of_numbers")
    connection.unregister("of_numbers")


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
            township || '/' || village AS place, {NUMBERS}, coalesce(born[:4],
            CASE WHEN facts.number[7:8] IN ('18', '19', '20') AND length(facts.number) = 18
                THEN facts.number[7:10] END) AS birth_year
        FROM facts LEFT JOIN swapping AS w ON w.number = facts.number ORDER BY record"""


def _firm(side: str) -> str:
    return f"""
        SELECT s.record, n.whole, n.characters, n.pinyin, n.folded,
            n.characters[:10] AS beginning,
            a.characters AS address, a.folded AS address_sound, a.characters[-25:] AS address_end,
            p.characters AS legal_person, p.folded AS legal_sound
        FROM {side} AS s
        LEFT JOIN spelled_name AS n ON n.value = s.name
        LEFT JOIN spelled_address AS a ON a.value = s.address
        LEFT JOIN spelled_legal_person AS p ON p.value = s.legal_person
        ORDER BY s.record"""
