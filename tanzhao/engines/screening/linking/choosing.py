"""Which candidate a row is linked to: never on a name alone, never where two are as good."""

from collections.abc import Callable, Iterable

import duckdb

from tanzhao.engines.screening.linking.model import Comparison, Level, Model, Part

ONE_DIGIT_OFF, LINKED = 1, 2  # as `…_basis` has them


def choose(connection: duckdb.DuckDBPyConnection, model: Model, known: int) -> None:
    """Make the table `chosen` from `pairs` and `known`: one row for each row that was asked about.

    Columns: asked_record; key, basis, weight, beginning, and the level and rarity of each
    comparison for the best candidate; outcome `linked`, `ambiguous` (another key weighs as much,
    within the margin), `name_alone` (the best agrees in its name, and in no fact besides) or
    `unlike` (the best agrees in facts, and not in its name). Rows with no candidate of the least
    weight are not there.

    Args: known: how many people or firms the candidates were sought among.
    """
    beginning = model.beginning(known)
    weights = [_case(c, lambda level: level.weight) for c in model.comparisons]
    rarities = [f"rarity_{c.code}" for c in model.comparisons if c.has_rarity]
    weight = " + ".join([str(beginning), *rarities, *weights])
    levels = ", ".join([*(c.code for c in model.comparisons), *rarities])
    connection.execute(f"""
        CREATE OR REPLACE TABLE chosen AS
        WITH weighed AS (
            SELECT p.*, k.key, {beginning} AS beginning, {weight} AS weight
            FROM pairs AS p
            JOIN (SELECT record, key FROM known) AS k ON k.record = p.known_record),
        of_keys AS (
            SELECT *, row_number() OVER (
                PARTITION BY asked_record, key ORDER BY weight DESC, known_record) AS of_key
            FROM weighed),
        ranked AS (
            SELECT *, row_number() OVER best AS rank, lead(weight) OVER best AS next_weight
            FROM of_keys WHERE of_key = 1
            WINDOW best AS (PARTITION BY asked_record ORDER BY weight DESC, key))
        SELECT asked_record, key, weight::INTEGER AS weight, beginning, {levels},
            CASE WHEN {_agrees(model, Part.NAME)} AND {_one_digit_off(model)}
                THEN {ONE_DIGIT_OFF} ELSE {LINKED} END AS basis,
            CASE WHEN NOT ({_agrees(model, Part.NAME)}) THEN 'unlike'
                WHEN NOT ({_agrees(model, Part.FACT)}) THEN 'name_alone'
                WHEN next_weight > weight - {model.margin} THEN 'ambiguous'
                ELSE 'linked' END AS outcome
        FROM ranked WHERE rank = 1 AND weight >= {model.least_weight}
        ORDER BY asked_record""")


def _case(comparison: Comparison, value: Callable[[Level], int]) -> str:
    cases = " ".join(f"WHEN {level.place} THEN {value(level)}" for level in comparison.levels)
    return f"CASE {comparison.code} {cases} ELSE 0 END"


def _agrees(model: Model, part: Part) -> str:
    return _any(
        (c.code, level.place)
        for c in model.comparisons
        if c.part == part
        for level in c.levels
        if level.agrees
    )


def _one_digit_off(model: Model) -> str:
    return _any(
        (c.code, level.place)
        for c in model.comparisons
        for level in c.levels
        if level.one_digit_off
    )


def _any(places: Iterable[tuple[str, int]]) -> str:
    return "(" + (" OR ".join(f"{code} = {place}" for code, place in places) or "FALSE") + ")"
