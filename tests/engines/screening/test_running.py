"""Runs of rules: the same bytes again, hits that keep their names, and nothing half written."""

import csv
import dataclasses
import json
import random
import threading

import openpyxl
import pyarrow.parquet as pq
import pytest

from tanzhao.engines.screening.hits import hit_id
from tanzhao.engines.screening.loading import load
from tanzhao.engines.screening.loading.mapping import map_from
from tanzhao.engines.screening.rules import BadRule
from tanzhao.engines.screening.running import evidence_of, run_rules, write_workbook
from tanzhao.engines.screening.running.report import CannotRun, Options, Stopped
from tests.engines.screening.examples import DATASETS, ORDER, PACKS, RULES
from tests.engines.screening.simple_rule import SQL, simple

RULE = RULES["paid-after-death"]
EXAMPLE = PACKS / "screening/paid-after-death/example"
FILES = ("hits.parquet", "evidence.parquet", "profiles.parquet")


def example_rows(table):
    with (EXAMPLE / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def store_with(folder, **tables):
    """Load rows of tables, each a file of its own."""
    extracts = folder / "extracts"
    extracts.mkdir(parents=True)
    for name, rows in tables.items():
        with (extracts / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    sources = [{"files": f"{name}.csv", "table": name} for name in tables]
    the_map = map_from({"order": ORDER, "source": sources}, DATASETS)
    report = load(extracts, the_map, DATASETS, folder / "store")
    assert report.refused == ()
    return report.store


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    tables = {name: example_rows(name) for name in ("payments", "deaths")}
    return store_with(tmp_path_factory.mktemp("example"), **tables)


def run(store, out, rules=(RULE,), thresholds=None, **options):
    return run_rules(
        store, rules, DATASETS, out=out, options=Options(**options), thresholds=thresholds
    )


def rows(out, name="hits"):
    return pq.read_table(out / f"{name}.parquet").to_pylist()


def test_an_example_gives_the_hits_it_promises_with_the_rows_they_rest_on(store, tmp_path):
    summary = run(store, tmp_path / "out")

    hits = rows(tmp_path / "out")
    with (EXAMPLE / "hits.csv").open(encoding="utf-8", newline="") as lines:
        promised = {tuple(row[name] for name in RULE.key) for row in csv.DictReader(lines)}
    assert {tuple(json.loads(hit["key"]).values()) for hit in hits} == promised
    assert summary.hits == len(hits)
    for hit in hits:
        key = json.loads(hit["key"])
        assert hit["hit_id"] == hit_id("paid-after-death", RULE.version, key.values())
        assert (hit["match_basis"], hit["weight"], hit["fingerprint"]) == (
            "exact",
            None,
            store.fingerprint,
        )
        # Numbers of persons stand in the key, never in the sentence.
        assert key["person_key"] not in hit["why_zh"] + hit["why_en"]
        found = evidence_of(store, tmp_path / "out", hit["hit_id"][:16])
        assert len(found.rows) == hit["evidence_rows"] > 0
        for row in found.rows:
            # A row of the file, heading by heading.
            line = example_rows(row.file.removesuffix(".csv"))[row.row_number - 2]
            assert {k: v or "" for k, v in row.cells.items()} == line
            assert row.cells["person"] == key["person_key"]


def test_the_same_store_gives_the_same_bytes_whatever_the_threads(store, tmp_path):
    first, *others = (tmp_path / name for name in ("one", "two", "three"))
    run(store, first, rules=RULES.values())
    run(store, others[0], rules=reversed(RULES.values()), threads=3)
    run(store, others[1], rules=RULES.values(), memory="300MB")

    for other in others:
        for name in FILES:
            assert (first / name).read_bytes() == (other / name).read_bytes()


def test_hits_keep_their_names_when_rows_are_handed_over_in_another_order(store, tmp_path):
    tables = {name: example_rows(name) for name in ("payments", "deaths")}
    # Others come first, so that the keys of the store are others too.
    tables["payments"].append(
        tables["payments"][0] | {"person": "990101194412310014", "name": "甲"}
    )
    for each in tables.values():
        random.Random(5).shuffle(each)
    again = store_with(tmp_path, **tables)

    run(store, tmp_path / "before")
    run(again, tmp_path / "after")

    apart = {"fingerprint"}
    before, after = (
        [{k: v for k, v in hit.items() if k not in apart} for hit in rows(tmp_path / name)]
        for name in ("before", "after")
    )
    assert before == after


def test_another_version_of_a_rule_asks_other_questions(store, tmp_path):
    run(store, tmp_path / "one")
    run(store, tmp_path / "two", rules=[dataclasses.replace(RULE, version="2099.1")])

    names = [{hit["hit_id"] for hit in rows(tmp_path / name)} for name in ("one", "two")]
    assert len(names[0]) == len(names[1]) > 0
    assert names[0].isdisjoint(names[1])


def test_a_threshold_changes_what_is_found_and_keeps_to_its_range(store, tmp_path):
    usual = run(store, tmp_path / "usual")
    wide = run(store, tmp_path / "wide", thresholds={RULE.name: {"grace_days": 366}})

    assert wide.hits < usual.hits
    for name, value in (("grace_days", 367), ("nowhere", 1)):
        with pytest.raises(BadRule):
            run(store, tmp_path / "bad", thresholds={RULE.name: {name: value}})
    assert not (tmp_path / "bad").exists()


def test_a_rule_that_cannot_run_says_why_and_the_others_run(store, tmp_path):
    twice = """SELECT person_key, amount_cents, paid_date AS first_date, paid_date AS last_date,
    person_basis AS match_basis, 1 AS payments FROM payments WHERE $least > 0"""
    bad = {
        "key_twice": simple(twice, name="twice"),
        "not_portable": simple(f"{SQL} LIMIT 3", name="limit"),
        "missing_tables": simple(name="lacking", tables=["payments", "land"]),
        "engine": simple(
            SQL.replace("sum(amount_cents)", "sum(amount_cents * 9000000000000000000)"),
            name="overflow",
        ),
    }

    summary = run(store, tmp_path / "out", rules=[RULE, *bad.values()])

    whys = {one.rule: one.why for one in summary.rules}
    assert whys == {RULE.name: ""} | {rule.name: why for why, rule in bad.items()}
    assert {hit["rule"] for hit in rows(tmp_path / "out")} == {RULE.name}
    told = json.loads((tmp_path / "out/summary.json").read_text("utf-8"))
    assert {one["rule"]: one.get("why", "") for one in told["rules"]} == whys
    assert told["order"]["approver"] == ORDER["approver"]


def test_a_run_that_is_stopped_leaves_what_was_there(store, tmp_path):
    out = tmp_path / "out"
    run(store, out)
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    asked = threading.Event()

    with pytest.raises(Stopped):
        run(store, out, on_progress=lambda _progress: asked.set(), stopped=asked.is_set)

    assert {file.name: file.read_bytes() for file in out.iterdir()} == before
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_holds_something_else_is_not_taken(store, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis/chapter.txt").write_text("x")

    with pytest.raises(CannotRun, match="out_taken"):
        run(store, tmp_path / "thesis")

    assert (tmp_path / "thesis/chapter.txt").read_text() == "x"


def test_linked_keys_are_seen_only_by_a_run_that_asks_for_them(store, tmp_path):
    _link_everything(store, tmp_path)
    linked = dataclasses.replace(store, folder=tmp_path / "linked")

    without = run(linked, tmp_path / "without")
    with_links = run(linked, tmp_path / "with", links=True)

    assert without.hits == 0
    hits = rows(tmp_path / "with")
    assert with_links.hits == len(hits) > 0
    assert {(hit["match_basis"], hit["weight"]) for hit in hits} == {("linked", 815)}


def _link_everything(store, folder):
    """Copy a store in which every payment was linked to its person by name and place."""
    import shutil

    import pyarrow as pa

    shutil.copytree(store.folder, folder / "linked")
    file = folder / "linked/tables/payments.parquet"
    table = pq.read_table(file)
    for name, value in (("person_basis", 2), ("person_weight", 815)):
        at = table.schema.get_field_index(name)
        column = pa.array([value] * table.num_rows, table.schema.field(name).type)
        table = table.set_column(at, name, column)
    pq.write_table(table, file)


def test_a_workbook_masks_numbers_and_holds_no_formula(tmp_path):
    payments = example_rows("payments")
    for row in payments:
        row["programme"] = '=HYPERLINK("http://127.0.0.1","领")'
        row["name"] = "@甲"
    made = store_with(tmp_path, payments=payments, deaths=example_rows("deaths"))
    out = tmp_path / "out"
    assert run(made, out).hits > 0

    write_workbook(out, titles={"hits": "疑点", "evidence": "证据"}, words={})
    book = openpyxl.load_workbook(out / "hits.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    numbers = {row["person"] for row in payments} | {row["account"] for row in payments}

    assert book.sheetnames == ["疑点", "证据"]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not any(str(cell.value).startswith(("=", "@", "+", "-")) for cell in cells)
    assert not any(number in str(cell.value) for cell in cells for number in numbers)
    assert any("=HYPERLINK" in str(cell.value) for cell in cells)

    write_workbook(out, titles={"hits": "疑点", "evidence": "证据"}, words={}, unmasked=True)
    book = openpyxl.load_workbook(out / "hits.xlsx")
    text = " ".join(str(cell.value) for row in book["证据"].iter_rows() for cell in row)
    assert any(number in text for number in numbers)


def test_a_workbook_says_above_its_hits_that_it_shows_not_all_the_evidence(
    store, tmp_path, monkeypatch
):
    out = tmp_path / "out"
    rows = run(store, out).evidence_rows
    titles = {"hits": "疑点", "evidence": "证据", "rule": "规则"}

    def written(most):
        monkeypatch.setattr("tanzhao.engines.screening.running.workbook.MOST_SHOWN", most)
        write_workbook(out, titles=titles, words={}, shortened="只显示一部分")
        book = openpyxl.load_workbook(out / "hits.xlsx")
        return [row[0].value for row in book["疑点"]], book["证据"].max_row - 1

    whole, shown = written(rows)
    assert (whole[0], shown) == ("规则", rows)
    assert written(rows - 1) == (["只显示一部分", *whole], rows - 1)


def test_a_store_that_is_damaged_or_expired_is_said_and_nothing_is_written(store, tmp_path):
    import datetime as dt
    import shutil

    shutil.copytree(store.folder, tmp_path / "damaged")
    (tmp_path / "damaged/raw/1.parquet").write_bytes(b"PAR1")
    (tmp_path / "damaged/raw/2.parquet").write_bytes(b"PAR1")
    damaged = dataclasses.replace(store, folder=tmp_path / "damaged")
    expired = dataclasses.replace(store, expired_on=dt.date(2026, 1, 1))

    for one, code in ((damaged, "store"), (expired, "expired")):
        with pytest.raises(CannotRun, match=code):
            run(one, tmp_path / "out")

    assert [file.name for file in tmp_path.iterdir()] == ["damaged"]


def test_a_kind_of_key_that_no_file_has_is_a_table_without_rows(store, tmp_path):
    import shutil

    shutil.copytree(store.folder, tmp_path / "store")
    (tmp_path / "store/keys/plate.parquet").unlink(missing_ok=True)
    lacking = dataclasses.replace(store, folder=tmp_path / "store")
    asks = SQL.replace("FROM payments", "FROM payments CROSS JOIN plate_numbers")

    summary = run(lacking, tmp_path / "out", [simple(asks, tables=["payments", "plate_numbers"])])

    assert [(one.hits, one.why) for one in summary.rules] == [(0, "")]
