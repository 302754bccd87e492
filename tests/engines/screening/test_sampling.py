"""Samples: drawn again by anybody with the same files and seed, and fair."""

import json
import random

import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest

from tanzhao.engines.screening.sampling import CannotSample, Method, draw
from tanzhao.engines.screening.sampling.choosing import allocated, by_money, lots, smallest
from tests.engines.screening.examples import DATASETS
from tests.engines.screening.test_running import example_rows, store_with

FIXED = 13564925308414038360
PROGRAMMES = ("农村低保", "高龄津贴", "孤儿基本生活费")


def payments(count):
    """Make payments of three programmes, one in six huge, one in fifty returned."""
    rows = []
    for at in range(count):
        amount = -5 if at % 50 == 0 else 90_000 if at % 60 == 7 else 100 + at % 400
        rows.append(
            {
                "person": example_rows("payments")[at % 8]["person"],
                "programme": PROGRAMMES[(at % 10) // 4],
                "month": "202601",
                "amount": f"{amount}.00",
            }
        )
    return rows


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return store_with(tmp_path_factory.mktemp("population"), payments=payments(600))


def drawn(store, out, **asked):
    asked = {"method": Method.RANDOM, "size": 30, "seed": 7} | asked
    sample = draw(store, DATASETS, "payments", out=out, **asked)
    return sample, pq.read_table(out / "sample.parquet").to_pylist()


@pytest.mark.parametrize(
    "asked",
    [{}, {"method": Method.STRATIFIED, "by": "programme"}, {"method": Method.MONEY}],
    ids=str,
)
def test_a_sample_is_drawn_again_from_the_same_files_in_any_store(store, tmp_path, asked):
    rows = payments(600)
    # Deaths come first and take the lowest key of a source.
    again = store_with(tmp_path / "again", deaths=example_rows("deaths"), payments=rows)

    first = drawn(store, tmp_path / "one", **asked)[1]
    second = drawn(again, tmp_path / "two", **asked)[1]
    other = drawn(store, tmp_path / "three", **asked, seed=8)[1]

    assert len(first) == 30
    assert first == second
    assert len({row["row_number"] for row in first}) == 30
    assert {row["row_number"] for row in first} != {row["row_number"] for row in other}
    for row in first:
        line = rows[row["row_number"] - 2]
        assert json.loads(row["cells"]) == line


def test_groups_get_their_share(store, tmp_path):
    sample, rows = drawn(store, tmp_path / "out", method=Method.STRATIFIED, by="programme", size=10)

    assert {one.name: (one.rows, one.drawn) for one in sample.strata} == {
        "农村低保": (240, 4),
        "高龄津贴": (240, 4),
        "孤儿基本生活费": (120, 2),
    }
    assert [row["stratum"] for row in rows] == sorted(row["stratum"] for row in rows)
    assert all(json.loads(row["cells"])["programme"] == row["stratum"] for row in rows)


def test_by_money_every_large_amount_is_drawn_and_negative_ones_are_left_out(store, tmp_path):
    sample, rows = drawn(store, tmp_path / "out", method=Method.MONEY, size=40)

    large = [row for row in rows if row["certain"]]
    assert sample.left_out == 12
    assert sample.rows == 588
    assert sample.certain == len(large) == 10
    assert {row["amount_cents"] for row in large} == {9_000_000}
    assert all(0 < row["amount_cents"] < sample.interval_cents for row in rows[len(large) :])
    assert 0 <= sample.start_cents < sample.interval_cents


def test_both_files_say_how_it_was_drawn_and_the_workbook_masks(store, tmp_path):
    drawn(store, tmp_path / "out", method=Method.MONEY)

    said = pq.read_schema(tmp_path / "out/sample.parquet").metadata
    book = openpyxl.load_workbook(tmp_path / "out/sample.xlsx")
    facts = {row[0].value: row[1].value for row in book["how"].iter_rows()}
    assert said[b"tanzhao.seed"] == b"7"
    assert {name: said[f"tanzhao.{name}".encode()].decode() for name in facts} == facts
    assert {"method", "rows", "left_out", "fingerprint", "interval_cents"} <= facts.keys()
    cells = [str(cell.value) for row in book["sample"].iter_rows() for cell in row]
    assert book["sample"].max_row == 31
    assert not any(row["person"] in cells for row in example_rows("payments"))


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("too_large", {"size": 601}),
        ("too_large", {"size": 0}),
        ("no_column", {"method": Method.STRATIFIED, "by": "nowhere"}),
        ("no_amount", {"method": Method.STRATIFIED}),
        ("no_column", {"method": Method.MONEY, "by": "programme"}),
    ],
)
def test_what_cannot_be_drawn_says_why(store, tmp_path, code, asked):
    with pytest.raises(CannotSample, match=code):
        drawn(store, tmp_path / "out", **asked)

    assert not (tmp_path / "out").exists()


def test_lots_are_even_and_depend_on_source_row_and_seed():
    rows = np.arange(20_000, dtype=np.int32)
    one, two = (np.full(20_000, number, dtype=np.uint64) for number in (1, 2))

    shares = np.histogram(lots(one, rows, 3) / 2**64, bins=20, range=(0, 1))[0] / 20_000

    assert np.abs(shares - 0.05).max() < 0.008
    assert (
        len(set(lots(one, rows, 3)) | set(lots(two, rows, 3)) | set(lots(one, rows, 4))) == 60_000
    )
    # Written down: every machine and every version must draw the same.
    assert lots(np.array([5], np.uint64), np.array([9], np.int32), 7).tolist() == [FIXED]


def test_every_cent_is_as_likely():
    random_numbers = random.Random(1)
    amounts = np.array([random_numbers.randint(1, 900) for _ in range(40)], dtype=np.int64)
    met = np.zeros(40)
    for seed in range(4000):
        order = lots(np.ones(40, dtype=np.uint64), np.arange(40, dtype=np.int32), seed)
        places = by_money(amounts, order, 5, seed).places
        assert len(set(places.tolist())) == 5
        met[places] += 1

    expected = 5 * amounts / amounts.sum() * 4000
    # Five deviations of a binomial count.
    assert (np.abs(met - expected) < 5 * np.sqrt(expected) + 1).all()


@pytest.mark.parametrize("seed", range(50))
def test_shares_add_up_and_no_group_gives_more_than_it_has(seed):
    random_numbers = random.Random(seed)
    rows = {f"g{at}": random_numbers.choice((1, 2, 50, 999)) for at in range(9)}
    size = random_numbers.randint(1, sum(rows.values()))

    given = allocated(rows, size)

    assert sum(given.values()) == size
    assert all(0 <= given[name] <= number for name, number in rows.items())
    if size >= len(rows):
        assert min(given.values()) >= 1


def test_the_smallest_lots_are_drawn_in_their_order():
    order = np.array([5, 1, 4, 2], dtype=np.uint64)

    assert smallest(order, 2).tolist() == [1, 3]
