"""Loading beside what an office's programmer would write: extracts read, ID numbers checked.

python benchmarks/screening_sides/loading.py                         # 1 M, 2 M and 5 M rows
python benchmarks/screening_sides/loading.py --rows 100000 --only csv --repeats 1

Each side runs in a process of its own; its processor seconds (user and system) are counted from
when its libraries are loaded, and medians of interleaved repeats are compared. "reading" ends
where the other side ends, with the cells in a frame; "load" goes on to the whole store: raw rows,
cleaned columns, keys, quality report.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

SEED = 2026
SIZES = {"xlsx": 1_000_000, "csv": 2_000_000, "ids": 5_000_000}
HEADINGS = [
    "身份证号", "姓名", "补贴项目", "银行账号", "开户名",
    "所属月份", "发放日期", "金额", "村", "发放单位",
]  # fmt: skip
PROGRAMMES = ("农村低保", "耕地地力保护补贴", "高龄津贴", "残疾人两项补贴")
# What each is held against, and how much of it ours may take (issue 4, §4).
AIMS = {
    "xlsx": [("ours, reading", "fastexcel", 1.5), ("ours, load", "fastexcel", 1.5)],
    "csv": [
        ("ours, reading", "recode + Polars", 1.2),
        ("ours, load", "recode + Polars", 1.2),
    ],
    "ids": [("ours", "SQL, row by row", 0.25)],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, help="of every kind, instead of 1, 2 and 5 million")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default="xlsx,csv,ids")
    parser.add_argument("--side", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        print(json.dumps(_measured(*options.side)))
        return
    sizes = {name: options.rows or SIZES[name] for name in options.only.split(",")}
    for line in run(sizes, repeats=options.repeats):
        print(line, flush=True)


def run(sizes, *, repeats=3):
    """Measure; gives lines to print, as they come.

    Args:
        sizes: "xlsx", "csv" and "ids" (or some of them) to the number of rows.
    """
    for kind, rows in sizes.items():
        with tempfile.TemporaryDirectory() as work:
            file = MAKERS[kind](Path(work), rows)
            yield f"\n{kind}: {rows:,} rows, {file.stat().st_size / 1e6:.0f} MB"
            yield from _compared(kind, file, repeats)


def _compared(kind, file, repeats):
    seconds = {side: [] for side in SIDES[kind]}
    answers = {}
    for _ in range(repeats):
        for side, taken in seconds.items():
            words = [sys.executable, __file__, "--side", f"{kind}:{side}", str(file)]
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(done.stderr)
            told = json.loads(done.stdout.splitlines()[-1])
            taken.append(told["seconds"])
            answers[side] = told
    if len({answer["answer"] for answer in answers.values()}) > 1:
        raise SystemExit(f"{kind}: the sides differ: {answers}")
    middle = {side: median(taken) for side, taken in seconds.items()}
    for side, taken in seconds.items():
        spread = f"{min(taken):.2f} to {max(taken):.2f}"
        yield f"{side:<22}{middle[side]:>8.2f} CPU s  ({spread})  {answers[side]['memory']:>6} MB"
    for ours, other, aim in AIMS[kind]:
        ratio = middle[ours] / middle[other]
        yield f"{ours} / {other}: {ratio:.2f} (aim {aim:.2f} or less)"


def _measured(side, file):
    import resource

    kind, _, name = side.partition(":")
    side = SIDES[kind][name]
    work = side(Path(file))
    next(work)
    began = time.process_time()
    answer = next(work)
    seconds = time.process_time() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"seconds": seconds, "answer": answer, "memory": most}


# --- the sides: each loads its libraries, stops, does its work, and gives what can be compared ---


def fastexcel_alone(file):
    import fastexcel
    import polars as pl

    yield None
    frame = pl.DataFrame(fastexcel.read_excel(str(file)).load_sheet(0))
    yield len(frame)


def our_reading(file):
    from tanzhao.engines.screening.loading.opening import opened

    _load_kernels()
    yield None
    yield sum(len(piece) for sheet in opened(file).sheets for piece in sheet.pieces()) - 1


def _load_kernels():
    """Load what numba compiled, as other libraries are loaded before seconds are counted."""
    from tanzhao.engines.screening.loading import plain_sheets

    with tempfile.TemporaryDirectory() as work, zipfile.ZipFile(Path(work, "a"), "w") as package:
        row = '<row r="1"><c r="A1"><v>1</v></c></row>'
        package.writestr("a", f"<worksheet><sheetData>{row}</sheetData></worksheet>")
        package.close()
        assert plain_sheets.read_plain(Path(work, "a"), plain_sheets.Part("a", "a", True))


def our_load(file):
    import datetime as dt

    import tanzhao.engines.screening.loading.building
    from tanzhao.engines.screening.loading import load
    from tanzhao.engines.screening.loading.mapping import map_from
    from tanzhao.engines.screening.tables import read_datasets

    assert tanzhao.engines.screening.loading.building  # its libraries are loaded
    _load_kernels()
    datasets = read_datasets(ROOT / "packs/datasets/county")
    order = dict.fromkeys(("purpose", "approver", "legal_basis"), "比较用时")
    order["expires"] = dt.date(2026, 12, 31)
    said = map_from({"order": order}, datasets)
    with tempfile.TemporaryDirectory() as work:
        yield None
        report = load(file.parent, said, datasets, Path(work, "store"))
        yield report.taken


def recode_and_polars(file):
    import polars as pl

    yield None
    text = file.read_bytes().decode("gb18030").encode("utf-8")
    # As text: a guess would make numbers of ID numbers.
    yield len(pl.read_csv(text, infer_schema=False))


def our_ids(file):
    import numpy as np
    import polars as pl
    import pyarrow as pa

    from tanzhao.engines.screening.loading.encoding import encode
    from tanzhao.engines.screening.loading.identity import check_persons

    numbers = pl.read_parquet(file)["id"]
    assert pa.__version__  # loaded
    yield None
    encoded = encode(numbers)
    good = check_persons(encoded.texts).numbers.is_not_null().to_numpy()
    yield int(np.append(good, np.False_)[encoded.codes].sum())


def sql_row_by_row(file):
    import duckdb

    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    terms = " + ".join(f"substr(v, {n}, 1)::INT * {w}" for n, w in enumerate(weights, 1))
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.execute(f"CREATE TABLE rows AS SELECT id FROM '{file}'")
    yield None
    query = f"""
        SELECT count(*) FILTER (
            CASE WHEN regexp_full_match(v, '[1-9][0-9]{{16}}[0-9X]') THEN
                substr('10X98765432', 1 + ({terms}) % 11, 1) = substr(v, 18, 1)
                AND try_strptime(substr(v, 7, 8), '%Y%m%d') IS NOT NULL
            ELSE false END)
        FROM (SELECT upper(trim(id)) AS v FROM rows)
    """
    yield connection.execute(query).fetchone()[0]


# --- what is read -----------------------------------------------------------------------------


def people(count, chance):
    """Make ID numbers with a name and an account each."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    made = []
    for number in range(count):
        born = f"{chance.randint(1930, 2015)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
        seventeen = f"{360500 + number % 30}{born}{chance.randint(0, 999):03d}"
        total = sum(int(d) * w for d, w in zip(seventeen, weights, strict=True))
        name = (
            chance.choice("王李张刘陈杨黄赵吴周")
            + chance.choice("伟芳娜敏静")
            + chance.choice("强磊军洋明")
        )
        made.append((seventeen + "10X98765432"[total % 11], name, f"6217{10**14 + number * 7919}"))
    return made


def payments(rows):
    """Give rows of cells, texts but the day (Excel's count) and the amount."""
    chance = random.Random(SEED)
    known = people(max(rows // 3, 1), chance)
    for number in range(rows):
        who, name, account = known[chance.randrange(len(known))]
        month, village = (
            number % 12 + 1,
            f"{'东西南北'[number % 4]}{'山河湖海岭坪坝'[number % 7]}村",
        )
        programme = PROGRAMMES[chance.randrange(4)]
        amount = chance.randrange(100, 200_000) / 100
        day = 46023 + number % 300
        yield (
            who,
            name,
            programme,
            account,
            name,
            f"2026{month:02d}",
            day,
            amount,
            village,
            "县财政局",
        )


def make_xlsx(work, rows):
    """Write a workbook as Excel does: texts in one list, days as numbers with a style."""
    file = work / "in" / "payments.xlsx"
    file.parent.mkdir()
    places: dict[str, int] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as package:
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f'{XML}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for number, cells in enumerate([HEADINGS], 1):
                part.write(_row(number, cells, places))
            for number, cells in enumerate(payments(rows), 2):
                part.write(_row(number, cells, places))
            part.write(b"</sheetData></worksheet>")
        with package.open("xl/sharedStrings.xml", "w") as part:
            part.write(f'{XML}<sst xmlns="{MAIN}">'.encode())
            part.writelines(f"<si><t>{text}</t></si>".encode() for text in places)
            part.write(b"</sst>")
        for name, body in PARTS.items():
            package.writestr(name, XML + body)
    return file


def _row(number, cells, places):
    made = [f'<row r="{number}">']
    for letter, cell in zip("ABCDEFGHIJ", cells, strict=True):
        if isinstance(cell, str):
            made.append(
                f'<c r="{letter}{number}" t="s"><v>{places.setdefault(cell, len(places))}</v></c>'
            )
        elif isinstance(cell, int):
            made.append(f'<c r="{letter}{number}" s="1"><v>{cell}</v></c>')
        else:
            made.append(f'<c r="{letter}{number}"><v>{cell}</v></c>')
    made.append("</row>")
    return "".join(made).encode()


XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_KIND}.sharedStrings+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="2026年" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>",
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
}


def make_csv(work, rows):
    """Write the same as text in GB18030, days as 2026-03-05."""
    import datetime as dt

    file = work / "in" / "payments.csv"
    file.parent.mkdir()
    zero = dt.date(1899, 12, 30)
    days = {day: str(zero + dt.timedelta(days=day)) for day in range(46023, 46323)}
    with file.open("w", encoding="gb18030", newline="") as text:
        text.write(",".join(HEADINGS) + "\r\n")
        for *first, day, amount, village, payer in payments(rows):
            text.write(",".join([*first, days[day], f"{amount:.2f}", village, payer]) + "\r\n")
    return file


def make_ids(work, rows):
    """Write ID numbers, each in five rows, one of two hundred wrong."""
    import polars as pl

    chance = random.Random(SEED)
    numbers = [who for who, _, _ in people(rows // 5, chance)]
    for place in range(0, len(numbers), 200):
        numbers[place] = numbers[place][:17] + ("0" if numbers[place][17] != "0" else "1")
    drawn = [numbers[chance.randrange(len(numbers))] for _ in range(rows)]
    file = work / "ids.parquet"
    pl.DataFrame({"id": drawn}).write_parquet(file)
    return file


MAKERS = {"xlsx": make_xlsx, "csv": make_csv, "ids": make_ids}
SIDES = {
    "xlsx": {
        "fastexcel": fastexcel_alone,
        "ours, reading": our_reading,
        "ours, load": our_load,
    },
    "csv": {
        "recode + Polars": recode_and_polars,
        "ours, reading": our_reading,
        "ours, load": our_load,
    },
    "ids": {"SQL, row by row": sql_row_by_row, "ours": our_ids},
}

if __name__ == "__main__":
    main()
