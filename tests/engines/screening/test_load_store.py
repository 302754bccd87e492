"""A store is whole or not there, is replaced whole, says its faults, and comes to an end."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tanzhao.engines.screening.loading import load, pieces, texts
from tanzhao.engines.screening.loading.expiring import NotDue, expire
from tanzhao.engines.screening.loading.mapping import map_from
from tanzhao.engines.screening.loading.report import CannotLoad
from tanzhao.engines.screening.store import NoStore, open_store
from tanzhao.engines.screening.tables import read_datasets
from tests.engines.screening.hostile_texts import HEAD, LI, ROW, TWO, WANG
from tests.engines.screening.hostile_workbooks import FILES as WORKBOOKS

DATASETS = read_datasets(Path(__file__).parents[3] / "packs/datasets/county")
ORDER = {
    "purpose": "核查补贴",
    "approver": "沈主任",
    "legal_basis": "县委巡察办〔2026〕12号",
    "expires": dt.date(2026, 12, 31),
}
MAP = map_from({"order": ORDER}, DATASETS)


@pytest.fixture
def extracts(tmp_path):
    folder = tmp_path / "extracts"
    folder.mkdir()
    (folder / "一.csv").write_text(TWO, "utf-8")
    return folder


def files_of(folder):
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_one_refused_file_leaves_no_store_if_it_is_strict(extracts, tmp_path):
    (extracts / "二.csv").write_bytes(b"")

    strict = load(extracts, MAP, DATASETS, tmp_path / "store", strict=True)
    assert (strict.store, [one.file for one in strict.refused]) == (None, ["二.csv"])
    assert files_of(tmp_path) == {"extracts/一.csv", "extracts/二.csv"}

    lenient = load(extracts, MAP, DATASETS, tmp_path / "store")
    assert lenient.store.tables == {"payments": 2}


def test_nothing_but_refused_files_is_no_store(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.csv").write_bytes(b"")

    report = load(tmp_path / "in", MAP, DATASETS, tmp_path / "store")

    assert report.store is None
    assert files_of(tmp_path) == {"in/a.csv"}


def test_a_store_is_replaced_only_when_asked_and_only_if_it_is_one(extracts, tmp_path):
    out = tmp_path / "store"
    first = load(extracts, MAP, DATASETS, out).store
    (extracts / "一.csv").write_text(HEAD + ROW, "utf-8")

    with pytest.raises(CannotLoad, match="store_exists"):
        load(extracts, MAP, DATASETS, out)
    assert open_store(out) == first

    second = load(extracts, MAP, DATASETS, out, replace=True).store
    assert (second.tables, second.fingerprint != first.fingerprint) == ({"payments": 1}, True)
    assert {place.name for place in tmp_path.iterdir()} == {"extracts", "store"}
    for place, code in ((extracts, "out_holds_folder"), (tmp_path, "out_holds_folder")):
        with pytest.raises(CannotLoad, match=code):
            load(extracts, MAP, DATASETS, place, replace=True)
    (tmp_path / "other").mkdir()
    with pytest.raises(CannotLoad, match="not_a_store"):
        load(extracts, MAP, DATASETS, tmp_path / "other", replace=True)


def test_a_failed_replacement_leaves_the_old_store(extracts, tmp_path):
    out = tmp_path / "store"
    first = load(extracts, MAP, DATASETS, out).store
    (extracts / "一.csv").write_bytes(b"")

    assert load(extracts, MAP, DATASETS, out, replace=True).store is None
    assert open_store(out) == first


def test_the_same_folder_gives_the_same_store_byte_for_byte(extracts, tmp_path):
    (extracts / "死亡.csv").write_text(f"姓名,身份证号,死亡日期\n李四,{LI},2026-1-2\n", "utf-8")

    stores = [tmp_path / name for name in ("a", "b")]
    for out in stores:
        load(extracts, MAP, DATASETS, out)

    assert files_of(stores[0]) == files_of(stores[1])
    for name in files_of(stores[0]):
        assert (stores[0] / name).read_bytes() == (stores[1] / name).read_bytes(), name


def test_the_same_file_twice_is_read_once_and_said(extracts, tmp_path):
    (extracts / "二.csv").write_text(TWO, "utf-8")

    report = load(extracts, MAP, DATASETS, tmp_path / "store")

    assert report.store.tables == {"payments": 2}
    assert [(n.file, n.values) for n in report.notes if n.code == "same_file"] == [
        ("二.csv", {"other": "一.csv"})
    ]


def test_broken_characters_are_counted(extracts, tmp_path):
    broken = TWO.encode("gb18030").replace("王五".encode("gb18030"), b"\xcd\xf5\xce")
    (extracts / "一.csv").write_bytes(broken)

    report = load(extracts, MAP, DATASETS, tmp_path / "store")

    assert [n.values for n in report.notes if n.code == "broken_characters"] == [{"number": 1}]
    names = pl.read_parquet(report.store.table("payments"))["name"].to_list()
    assert names == ["王\ufffd", "李四"]


def test_every_fault_stands_in_the_quality_report_by_row_heading_and_text(extracts, tmp_path):
    rows = f"李四,{WANG[:-1]}5,低保,八十\n合计,,,80\n"
    (extracts / "一.csv").write_text("补贴表\n" + HEAD + rows, "utf-8")

    report = load(extracts, MAP, DATASETS, tmp_path / "store")

    assert pl.read_parquet(report.store.quality).rows() == [
        (1, 3, "身份证号", "id_check", WANG[:-1] + "5"),
        (1, 3, "金额", "money", "八十"),
        (1, 4, "", "total_row", ""),
    ]
    assert (report.rows, report.taken, report.doubtful) == (2, 1, 1)
    assert report.faults == {"id_check": 1, "money": 1, "total_row": 1}
    raw = pl.read_parquet(report.store.raw(1))
    assert raw["row_number"].to_list() == [1, 2, 3, 4]
    assert raw.row(2)[1:5] == ("李四", WANG[:-1] + "5", "低保", "八十")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_a_file_of_several_pieces_reads_as_one_of_a_single_piece(
    extracts, tmp_path, monkeypatch, encoding
):
    long = "补贴表\n" + HEAD + (ROW + f'"李\n四",{LI.lower()},低保,80\n') * 40 + "合计,,,9\n"
    (extracts / "一.csv").write_bytes(long.replace("\n", "\r\n").encode(encoding))
    whole = load(extracts, MAP, DATASETS, tmp_path / "whole").store
    monkeypatch.setattr("tanzhao.engines.screening.loading.texts.PIECE", 98)

    parted = load(extracts, MAP, DATASETS, tmp_path / "parted").store

    assert parted.sources == whole.sources
    assert whole.sources[0].rows == 80
    for name in ("tables/payments.parquet", "keys/person.parquet", "raw/1.parquet"):
        assert pl.read_parquet(parted.folder / name).equals(pl.read_parquet(whole.folder / name))


def test_rows_are_deleted_on_their_day_or_for_a_reason_and_the_store_says_so(extracts, tmp_path):
    out = tmp_path / "store"
    load(extracts, MAP, DATASETS, out)

    with pytest.raises(NotDue, match="not_due"):
        expire(out, dt.date(2026, 12, 30))
    assert "raw/1.parquet" in files_of(out)

    gone = expire(out, dt.date(2026, 12, 30), because="提前结案")
    assert files_of(out) == {"store.json"}
    assert (gone.rows, gone.files) == (2, 7)
    store = open_store(out)
    assert (store.expired_on, store.expired_because) == (dt.date(2026, 12, 30), "提前结案")
    assert expire(out, dt.date(2027, 1, 1)).store == store
    with pytest.raises(NotDue, match="no_store"):
        expire(tmp_path, dt.date(2027, 1, 1))


def test_a_store_of_another_format_is_not_opened(extracts, tmp_path):
    out = tmp_path / "store"
    load(extracts, MAP, DATASETS, out)
    body = json.loads((out / "store.json").read_text("utf-8"))
    (out / "store.json").write_text(json.dumps({**body, "format": 0}), "utf-8")

    with pytest.raises(NoStore):
        open_store(out)


BOMBS = ("bomb.xlsx", "small-bomb.xlsx", "far-cell.xlsx", "far-row.xlsx", "far-column.xlsx")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of memory to set")
def test_bombs_are_refused_within_little_memory(tmp_path):
    (tmp_path / "in").mkdir()
    for name in (*BOMBS, "million-blank-rows.xlsx"):
        (tmp_path / "in" / name).write_bytes(WORKBOOKS[name][0])
    code = (
        "import datetime as dt, pathlib, re, sys\n"
        "from tanzhao.engines.screening.loading import load\n"
        "from tanzhao.engines.screening.loading.mapping import map_from\n"
        "from tanzhao.engines.screening.tables import read_datasets\n"
        "datasets = read_datasets(pathlib.Path(sys.argv[1]))\n"
        "order = dict(purpose='a', approver='b', legal_basis='c', expires=dt.date(2026, 1, 1))\n"
        "report = load(pathlib.Path(sys.argv[2]), map_from({'order': order}, datasets), datasets,\n"
        "    pathlib.Path(sys.argv[3]))\n"
        # What getrusage says begins with what the parent held when it forked.
        "status = pathlib.Path('/proc/self/status').read_text()\n"
        "print(int(re.search(r'VmHWM:\\s*(\\d+)', status)[1]) >> 10)\n"
        "print(*[one.file for one in report.refused])\n"
    )
    pack = Path(__file__).parents[3] / "packs/datasets/county"

    answer = subprocess.run(
        [sys.executable, "-c", code, str(pack), str(tmp_path / "in"), str(tmp_path / "store")],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )

    megabytes, *refused = answer.stdout.split()
    assert set(refused) == set(BOMBS)
    assert int(megabytes) < 700


def test_a_store_is_the_same_whether_pieces_fit_into_memory_or_not(extracts, tmp_path, monkeypatch):
    lines = [f"户{n},{WANG},低保,{n}.5\n" for n in range(3000)]
    (extracts / "三.csv").write_text(HEAD + "".join(lines), "utf-8")
    monkeypatch.setattr(texts, "PIECE", 1 << 14)
    monkeypatch.setattr(texts, "BLOCK", 1 << 13)
    load(extracts, MAP, DATASETS, tmp_path / "held")

    monkeypatch.setattr(pieces, "MOST_HELD", 50_000)
    spilled = []
    monkeypatch.setattr(
        pieces.pl.DataFrame, "write_ipc", _noting(pieces.pl.DataFrame.write_ipc, spilled)
    )
    load(extracts, MAP, DATASETS, tmp_path / "spilled")

    assert len(spilled) > 3
    assert not any(file.exists() for file in spilled)
    for name in files_of(tmp_path / "held"):
        one, other = tmp_path / "held" / name, tmp_path / "spilled" / name
        if name.endswith(".parquet"):
            assert pl.read_parquet(one).equals(pl.read_parquet(other)), name
        else:
            assert one.read_bytes() == other.read_bytes()


def _noting(write, written):
    def noted(frame, file, **more):
        written.append(file)
        return write(frame, file, **more)

    return noted
