"""Which window functions have one answer, however rows that tie are ordered."""

from collections.abc import Collection, Mapping, Sequence

from sqlglot import exp

from tanzhao.engines.screening.linting.reading import Reading

# The way back to the sheet tells any two rows apart.
TIE_BREAKERS = {"source_key", "row_number"}


def has_fixed_answer(
    window: exp.Expr, reading: Reading, sources: Mapping[str, Collection[str]]
) -> None:
    """Note what leaves the answer of a window function to chance or to the engine.

    Args:
        sources: what the SELECT reads, by the name it has there, and its columns.
    """
    ordered = window.args["order"].expressions if window.args.get("order") else []
    for one in ordered:
        if not reading.says_where_nulls_go(one):
            reading.add(one, "nulls_order", what=reading.words_of(one.this))
    by = [one.this for one in ordered]
    function = window.this.this if isinstance(window.this, exp.Filter) else window.this
    if isinstance(function, exp.Count | exp.Sum) and isinstance(function.this, exp.Distinct):
        reading.add(window, "distinct_window", what=reading.words_of(function))
    is_by_row = isinstance(function, exp.RowNumber | exp.Lag | exp.Lead)
    if (spec := window.args.get("spec")) is not None:
        is_by_row = is_by_row or str(spec.args.get("kind")).upper() != "RANGE"
        for end in (spec.args.get("start"), spec.args.get("end")):
            if isinstance(end, exp.Expr) and not isinstance(end, exp.Literal):
                reading.refuse(end)
    # The neighbour's value of what rows are ordered by is the same whichever of two ties it is.
    takes_what_orders = isinstance(function, exp.Lag | exp.Lead) and function.this in by
    if is_by_row and not takes_what_orders and not _tells_all_apart(by, sources):
        reading.add(window, "ties", what=reading.words_of(function))


def _tells_all_apart(by: Sequence[exp.Expr], sources: Mapping[str, Collection[str]]) -> bool:
    """Say whether rows are ordered by the way back of every source that has one: a row of one
    table stands there once for each row of another that it is joined to."""
    named = {(column.table, column.name) for column in by if isinstance(column, exp.Column)}
    ways_back = [name for name, columns in sources.items() if set(columns) >= TIE_BREAKERS]
    return bool(ways_back) and all(
        (source, column) in named or ("", column) in named
        for source in ways_back
        for column in TIE_BREAKERS
    )
