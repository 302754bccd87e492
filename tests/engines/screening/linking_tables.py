"""Made-up people or firms as the tables `known` and `asked` that linking begins with."""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from tanzhao.engines.screening.linking.model import Model, read_model
from tanzhao.engines.screening.linking.preparing import prepare
from tanzhao.engines.screening.linking.sounds import Speller, read_sounds, speller
from tests.engines.screening import linking_firms, linking_people

PACKS = Path(__file__).parents[3] / "packs"


def persons_model() -> Model:
    return read_model(PACKS / "linking/persons")


def firms_model() -> Model:
    return read_model(PACKS / "linking/firms")


def chinese_speller() -> Speller:
    return speller(read_sounds(PACKS / "sounds/chinese"))


def people_into(
    connection: duckdb.DuckDBPyConnection,
    *,
    known: int,
    asked: int,
    seed: int,
    strangers: float = 0.15,
) -> np.ndarray:
    """Make `known` and `asked`; give the record each row is about, 0 for strangers."""
    people = linking_people.people(known, seed)
    rows = linking_people.rows_about(people, asked, seed + 1, strangers)
    tables = {
        "known": {
            "name": people.name,
            "number": people.number,
            "birth_date": people.birth_date.astype("datetime64[D]").astype(str),
            "village": people.village,
            "township": people.township,
            "household": people.household.astype(str),
            "sex": np.where(people.is_male, "男", "女"),
        },
        "asked": {
            name: getattr(rows, name)
            for name in ("name", "number", "birth_date", "village", "township", "household", "sex")
        },
    }
    for side, columns in tables.items():
        size = len(columns["name"])
        arrow = pa.table(
            {"record": np.arange(1, size + 1, dtype=np.int32)}
            | {name: pa.array(cells.tolist(), pa.string()) for name, cells in columns.items()}
        )
        connection.register("arrow", arrow)
        connection.execute(
            f"""CREATE OR REPLACE TABLE {side} AS SELECT record, nullif(name, '') AS name,
            nullif(number, '') AS number, nullif(birth_date, '')::DATE AS birth_date,
            nullif(village, '') AS village, nullif(township, '') AS township,
            nullif(household, '') AS household, nullif(sex, '') AS sex FROM arrow"""
        )
        connection.unregister("arrow")
    return rows.person + 1


def prepared(
    connection: duckdb.DuckDBPyConnection,
    pack: str,
    *,
    known: int,
    asked: int,
    seed: int,
    strangers: float = 0.15,
) -> None:
    """Make `known_labelled` and `asked_labelled`: records with `truth`, equal for one person."""
    model = read_model(PACKS / "linking" / pack)
    truth = INTO[pack](connection, known=known, asked=asked, seed=seed, strangers=strangers)
    prepare(connection, model, chinese_speller())
    labels = pa.table({"record": np.arange(1, asked + 1, dtype=np.int32), "truth": truth})
    connection.register("labels", labels)
    connection.execute(
        """CREATE OR REPLACE TABLE known_labelled AS
        SELECT *, record::VARCHAR AS truth FROM known_records;
        CREATE OR REPLACE TABLE asked_labelled AS SELECT r.*, CASE WHEN truth > 0
        THEN truth::VARCHAR END AS truth FROM asked_records AS r JOIN labels USING (record)
        ORDER BY record"""
    )
    connection.unregister("labels")


def firms_into(
    connection: duckdb.DuckDBPyConnection,
    *,
    known: int,
    asked: int,
    seed: int,
    strangers: float = 0.4,
) -> np.ndarray:
    """Make `known` and `asked` of firms; give the record each row is about, 0 for strangers."""
    firms = linking_firms.firms(known, seed)
    rows, firm = linking_firms.rows_about(firms, asked, seed + 1, strangers)
    for side, made in (("known", firms), ("asked", rows)):
        arrow = pa.table(
            {"record": np.arange(1, len(made.name) + 1, dtype=np.int32)}
            | {name: pa.array(cells.tolist(), pa.string()) for name, cells in vars(made).items()}
        )
        connection.register("arrow", arrow)
        connection.execute(
            f"""CREATE OR REPLACE TABLE {side} AS SELECT record, nullif(name, '') AS name,
            nullif(address, '') AS address, nullif(legal_person, '') AS legal_person FROM arrow"""
        )
        connection.unregister("arrow")
    return firm + 1


INTO = {"persons": people_into, "firms": firms_into}
