"""Rows without a usable number, and the persons and firms that are known, from a store's tables."""

from collections.abc import Iterator, Sequence

import duckdb

from tanzhao.engines.screening.linking.model import Model, Role
from tanzhao.engines.screening.store import Store
from tanzhao.engines.screening.tables import Column, Datasets, Kind, Table

FACTS = {
    "person": ("name", "number", "birth_date", "village", "township", "household", "sex"),
    "firm": ("name", "address", "legal_person"),
}
DATES = {"birth_date"}


def gather(
    connection: duckdb.DuckDBPyConnection, store: Store, datasets: Datasets, model: Model
) -> None:
    """Make the tables `asked_rows`, `asked` and `known`.

    `asked_rows` has a row for each column of keys in each row of a table where no usable number
    stands: table, column, source_key, row_number, the facts, and record, the same number for the
    same facts. `asked` has each record once. `known` has record, key and facts of whoever has a
    usable number: by the tables that the pack marks as known, else by the others. Links set
    earlier count as not set.
    """
    roles = list(roles_in(store, datasets, model))
    facts = FACTS[model.subject]
    _make_asked(connection, store, datasets, model, roles)
    connection.execute(f"""
        CREATE OR REPLACE TABLE asked AS SELECT DISTINCT record, {", ".join(facts)}
        FROM asked_rows WHERE name IS NOT NULL ORDER BY record""")
    _make_known(connection, store, model, roles)


def roles_in(store: Store, datasets: Datasets, model: Model) -> Iterator[Role]:
    """Give the roles whose table is in the store and has the column as its kind of key."""
    for role in model.roles:
        table = datasets.tables.get(role.table)
        if table and role.table in store.tables and store.table(role.table).is_file():
            kinds = {column.name: column.kind for column in table.columns}
            if kinds.get(role.column) == Kind(model.subject):
                yield role


def _make_asked(
    connection: duckdb.DuckDBPyConnection,
    store: Store,
    datasets: Datasets,
    model: Model,
    roles: Sequence[Role],
) -> None:
    facts = FACTS[model.subject]
    selects = [_asked_of(store, datasets.tables[role.table], model, role) for role in roles]
    selects.append(f"SELECT '', '', 0, 0, {_nothing(facts)} WHERE FALSE")
    connection.execute(f"""
        CREATE OR REPLACE TABLE asked_rows AS
        WITH gathered("table", "column", source_key, row_number, {", ".join(facts)})
            AS ({" UNION ALL ".join(selects)})
        SELECT *, dense_rank() OVER (ORDER BY {", ".join(facts)})::INTEGER AS record
        FROM gathered""")


def _asked_of(store: Store, table: Table, model: Model, role: Role) -> str:
    key, basis = f"t.{role.column}_key", f"t.{role.column}_basis"
    unlinked = f"{key} IS NULL OR {basis} > 0" if model.subject == "person" else f"{key} IS NULL"
    columns = [
        "q.text AS number" if fact == "number" else f"{_fact(model, role, fact)} AS {fact}"
        for fact in FACTS[model.subject]
    ]
    written = f"LEFT JOIN ({_written(store, table, role)}) AS q USING (source_key, row_number)"
    return f"""
        SELECT '{role.table}', '{role.column}', source_key, row_number, {", ".join(columns)}
        FROM {_table(store, role)} AS t {written if model.subject == "person" else ""}
        WHERE {unlinked}"""


def _written(store: Store, table: Table, role: Role) -> str:
    """Give what stood in the cell: it is among the faults, under the heading of the sheet."""
    own = {column.name: column for column in table.columns}
    people = [column for column in table.columns if column.kind == Kind.PERSON]
    # Where there is one number only, an office's own heading (from its map) needs no guess.
    headed = (
        f"AND regexp_replace(heading, '\\s', '', 'g') IN ({_headings(own[role.column])})"
        if len(people) > 1
        else ""
    )
    return f"""
        SELECT source_key, row_number, min(text) AS text
        FROM read_parquet({_quoted(str(store.quality))})
        WHERE starts_with(fault, 'id_') {headed} GROUP BY ALL"""


def _headings(column: Column) -> str:
    words = (column.name, column.label_zh, column.label_en, *column.synonyms)
    return ", ".join(_quoted("".join(word.split())) for word in words)


def _make_known(
    connection: duckdb.DuckDBPyConnection,
    store: Store,
    model: Model,
    roles: Sequence[Role],
) -> None:
    facts = [fact for fact in FACTS[model.subject] if fact not in ("number", "birth_date", "sex")]
    names = ", ".join(facts)
    first = [_known_of(store, role, model, facts) for role in roles if role.known]
    others = [_known_of(store, role, model, facts) for role in roles if not role.known]
    nobody = f"SELECT 0 AS key, {_nothing(facts)} WHERE FALSE"
    connection.execute(f"""
        CREATE OR REPLACE TABLE seen AS
        WITH first AS ({" UNION ".join([nobody, *first])}),
            others AS ({" UNION ".join([nobody, *others])})
        FROM first UNION ALL
        SELECT o.* FROM others AS o WHERE o.key NOT IN (SELECT key FROM first)""")
    merged = _persons(store) if model.subject == "person" else _merged(facts)
    connection.execute(f"""
        CREATE OR REPLACE TABLE known AS
        SELECT row_number() OVER (ORDER BY key, {names})::INTEGER AS record, *
        FROM ({merged}) ORDER BY record""")


def _known_of(store: Store, role: Role, model: Model, facts: Sequence[str]) -> str:
    columns = ", ".join(f"{_fact(model, role, fact)} AS {fact}" for fact in facts)
    own = f"AND coalesce(t.{role.column}_basis, 0) = 0" if model.subject == "person" else ""
    return f"""
        SELECT t.{role.column}_key AS key, {columns} FROM {_table(store, role)} AS t
        WHERE t.{role.column}_key IS NOT NULL {own} AND {_fact(model, role, "name")} IS NOT NULL"""


def _persons(store: Store) -> str:
    numbers = _quoted(str(store.numbers("person")))
    return f"""
        SELECT s.*, n.id_number AS number, n.birth_date,
            CASE WHEN n.is_male THEN '男' WHEN NOT n.is_male THEN '女' END AS sex
        FROM seen AS s JOIN read_parquet({numbers}) AS n ON n.person_key = s.key"""


def _merged(facts: Sequence[str]) -> str:
    """Give each name of a firm with each address and legal person that some table gives it."""
    joins = " ".join(
        f"LEFT JOIN (SELECT DISTINCT key, {fact} FROM seen WHERE {fact} IS NOT NULL) AS of_{fact} "
        f"ON of_{fact}.key = names.key"
        for fact in facts
        if fact != "name"
    )
    others = ", ".join(f"of_{fact}.{fact}" for fact in facts if fact != "name")
    return f"""
        SELECT names.key, names.name, {others}
        FROM (SELECT DISTINCT key, name FROM seen) AS names {joins}"""


def _fact(model: Model, role: Role, fact: str) -> str:
    if fact not in role.facts:
        return "NULL::DATE" if fact in DATES else "NULL::VARCHAR"
    column = f"t.{role.facts[fact]}"
    if fact in DATES:
        return column
    if fact == "legal_person" and role.legal_if:
        # Not everybody in a table of officers speaks for the firm.
        words = ", ".join(map(_quoted, model.legal_words))
        return f"CASE WHEN t.{role.legal_if} IN ({words}) THEN nullif({column}, '') END"
    return f"nullif({column}, '')"


def _nothing(facts: Sequence[str]) -> str:
    return ", ".join(f"NULL::{'DATE' if fact in DATES else 'VARCHAR'} AS {fact}" for fact in facts)


def _table(store: Store, role: Role) -> str:
    return f"read_parquet({_quoted(str(store.table(role.table)))})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
