"""Records of persons and firms as Splink compares them: ASCII columns, made on distinct values."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

import duckdb
import pyarrow as pa

from tanzhao.engines.screening.linking.model import Model
from tanzhao.engines.screening.linking.sounds import Speller

# What Excel lost of a number it took for an amount.
LOST = "???"
# A number is looked for by its beginning, its end, and both ends: one error spares one of them.
NUMBERS = """
    number[-11:] AS number_tail, number[:13] AS number_front,
    number[:7] || number[-4:] AS number_ends
"""


def clean_number(text: str | None) -> str | None:
    """Give what can be compared of an ID number as written: 17 to 19 characters, or none.

    A number that Excel stored as an amount has kept fifteen digits; `???` stands for the rest.
    """
    if not text:
        return None
    plain = unicodedata.normalize("NFKC", text).upper().strip().removesuffix(".0")
    power = re.fullmatch(r"(\d)\.(\d+)E\+?17", plain)
    if power:
        kept = (power[1] + power[2]).ljust(15, "0")
        # Fewer digits say too little: what a sheet shows as 4.20621E+17 is a million numbers.
        return kept[:15] + LOST if len(power[2]) >= 12 else None
    digits = re.sub(r"[^0-9X]", "", plain)
    if len(digits) == 18 and digits.endswith("000"):
        return digits[:15] + LOST
    return digits if 17 <= len(digits) <= 19 else None


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
    cutting = cut(model, table.removeprefix("spelled_"))
    texts = list(values)
    wholes = [speller.spell(text) for text in texts]
    shorts = [speller.spell(cutting(text)) for text in texts]
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
        SELECT *, township || '/' || village AS place, {NUMBERS}, coalesce(born[:4],
            CASE WHEN number[7:8] IN ('18', '19', '20') AND length(number) = 18
                THEN number[7:10] END) AS birth_year
        FROM facts ORDER BY record"""


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


def facts_of(model: Model) -> tuple[str, ...]:
    """Give what `known` and `asked` must have besides record and name."""
    return {
        "person": ("number", "birth_date", "village", "township", "household", "sex"),
        "firm": ("address", "legal_person"),
    }[model.subject]
