"""Text files as they come: each with what must become of it.

An entry is file name → (bytes, expected): a code if the file must be refused, otherwise the
number of rows taken and the faults.
"""

WANG, LI, OLD = "360521196503120011", "36052119700101028X", "360521650312001"
HEAD = "姓名,身份证号,补贴项目,金额\n"
ROW = f"王五,{WANG},低保,120.50\n"
TWINS = "姓名,身份证号,身份证号,补贴项目,金额\n"
AMOUNTS = ("-5", "（12.00）", "¥1,234.50", "￥３元", "1.2万元", "一百", "1.005", "9E20", "12,34")
TWO = HEAD + ROW + f"李四,{LI},低保,80\n"


def gb(text):
    return text.encode("gb18030")


def _wide(columns):
    """Give a table of so many columns."""
    more = "".join(f",备用{n}" for n in range(columns - 4))
    return HEAD.rstrip("\n") + more + "\n" + ROW.rstrip("\n") + "," * (columns - 4) + "\n"


FILES = {
    # Encodings.
    "utf8.csv": (TWO.encode(), (2, {})),
    "utf8-bom.csv": (TWO.encode("utf-8-sig"), (2, {})),
    "gb18030.csv": (gb(TWO), (2, {})),
    "gb18030-four-bytes.csv": (gb(TWO.replace("王五", "𠮷䶮")), (2, {})),
    "utf16-le.txt": (TWO.encode("utf-16"), (2, {})),
    "utf16-be.txt": (b"\xfe\xff" + TWO.encode("utf-16-be"), (2, {})),
    "utf16-no-bom.txt": ((TWO + ROW * 40).encode("utf-16-le"), (42, {})),
    "big5.csv": ("姓名,身份證號,補貼項目,金額\n測試資料庫,1,2,3\n".encode("big5"), "no_headings"),
    "noise.csv": (bytes(range(128, 256)) * 40, "encoding"),
    "zeros.csv": (b"\0" * 4096, "binary"),
    "cut-character.csv": (gb(TWO)[:-1] + gb("王")[:1], (2, {"money": 1})),
    "broken-character.csv": (
        gb(TWO * 3).replace(gb("王五"), b"\xcd\xf5\xce", 1), (6, {"heading_row": 2}),
    ),
    # Ends of lines, ends of files.
    "crlf.csv": (gb(TWO.replace("\n", "\r\n")), (2, {})),
    "cr.csv": (gb(TWO.replace("\n", "\r")), (2, {})),
    "mixed-ends.csv": (gb(HEAD + ROW.replace("\n", "\r\n") + ROW), (2, {})),
    "no-last-end.csv": (gb(TWO.rstrip("\n")), (2, {})),
    "ctrl-z.csv": (gb(TWO) + b"\x1a", (2, {})),
    "blank-lines.csv": (gb(HEAD + "\n\n" + ROW + "\n,,,\n" + ROW + "\n\n"), (2, {})),
    "nulls.csv": (gb(TWO.replace("低保", "低\0保")), (2, {})),
    # Nothing, or no table.
    "empty.csv": (b"", "empty_file"),
    "only-bom.csv": (b"\xef\xbb\xbf", "no_table"),
    "only-blanks.csv": (b"\n\n  \n,,\n", "no_headings"),
    "only-headings.csv": (gb(HEAD), "no_rows"),
    "only-total.csv": (gb(HEAD + "合计,,,12\n"), "no_rows"),
    "no-headings.csv": (gb(ROW * 3), "no_headings"),
    "needed-missing.csv": (gb("姓名,补贴项目,发放月份\n王五,低保,202603\n"), "needed_heading"),
    "two-tables.csv": (gb(f"身份证号,姓名,状态\n{WANG},王五,正常\n"), (1, {})),
    "json.csv": (b'{"a": [1, 2]}\n', "no_headings"),
    "page.xls": (b"<html><table><tr><td>x</td></tr></table></html>", "not_a_table"),
    "paper.csv": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "not_a_table"),
    "photo.csv": (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "not_a_table"),
    # Marks between cells, quotes.
    "tabs.txt": (gb(TWO.replace(",", "\t")), (2, {})),
    "tabs.tsv": (gb(TWO.replace(",", "\t")), (2, {})),
    "semicolons.csv": (gb(TWO.replace(",", ";")), (2, {})),
    "bars.txt": (gb(TWO.replace(",", "|")), (2, {})),
    "sep-line.csv": (gb("sep=;\n" + TWO.replace(",", ";")), (2, {})),
    "quotes.csv": (gb(HEAD + f'"王,五","{WANG}","低\n保","1,200.50"\n'), (1, {})),
    "doubled-quotes.csv": (gb(HEAD + f'"王""五""",{WANG},低保,1\n'), (1, {})),
    "open-quote.csv": (gb(HEAD + ROW + f'"李四,{LI},低保,80\n' + ROW), "open_quote"),
    "stray-quote.csv": (gb(HEAD + f'王"五,{WANG},低保,1\n' + ROW), (2, {})),
    "kept-as-text.csv": (gb(HEAD + f'王五,="{WANG}",低保,="12.50"\n'), (1, {})),
    "long-cell.csv": (gb(HEAD + f'王"五,{WANG},低保,1\n"' + "x" * 200_000), "long_cell"),
    # Rows.
    "short-row.csv": (gb(HEAD + f"王五,{WANG}\n" + ROW), (2, {"missing": 2})),
    "long-row.csv": (gb(HEAD + ROW.rstrip("\n") + ",多出,还有\n" + ROW), (2, {"ragged": 1})),
    "titles.csv": (gb("某县补贴发放表\n,,,单位：元\n" + TWO), (2, {})),
    "totals-and-notes.csv": (
        gb(
            TWO + "小计,,,200.5\n" + ROW + "合  计,,,321\n\n"
            "备注：本表一式三份。\n制表人：张三,,审核人：李四\n"
        ),
        (3, {"total_row": 2, "note_row": 2}),
    ),
    "pages.csv": (gb(TWO + HEAD + ROW), (3, {"heading_row": 1})),
    "numbered-columns.csv": (gb(HEAD + "1,2,3,4\n" + ROW), (1, {"numbering_row": 1})),
    "twin-headings.csv": (gb(TWINS + f"王五,{WANG},{LI},低保,1\n"), "twin_headings"),
    "same-twice.csv": (gb(TWINS + f"王五,{WANG},{WANG},低保,1\n"), (1, {})),
    "300-columns.csv": (gb(_wide(300)), (1, {})),
    "3000-columns.csv": (gb(_wide(3000)), "too_wide"),
    # Cells.
    "command.csv": (gb(HEAD + f"=cmd|' /C calc'!A0,{WANG},@SUM(1),1\n"), (1, {})),
    "fifteen-digits.csv": (gb(HEAD + f"王五,{OLD},低保,1\n"), (1, {})),
    "small-x.csv": (gb(HEAD + f"李四,{LI.lower()},低保,1\n"), (1, {})),
    "wide-digits.csv": (
        gb(HEAD + f"李四,{''.join(chr(ord(c) + 0xFEE0) for c in LI)},低保,１２．５\n"), (1, {}),
    ),
    "spaced-number.csv": (
        gb(HEAD + f"李四,' {LI[:6]} {LI[6:14]} {LI[14:]}\u3000,低保,1\n"), (1, {}),
    ),
    "masked.csv": (gb(HEAD + "王五,360521********0011,低保,1\n"), (1, {"id_masked": 1})),
    "wrong-check.csv": (gb(HEAD + f"王五,{WANG[:-1]}2,低保,1\n"), (1, {"id_check": 1})),
    "no-such-day.csv": (gb(HEAD + "王五,360521196502300017,低保,1\n"), (1, {"id_date": 1})),
    "letters.csv": (gb(HEAD + "王五,36052119650312O011,低保,1\n"), (1, {"id_characters": 1})),
    "seventeen.csv": (gb(HEAD + f"王五,{WANG[:17]},低保,1\n"), (1, {"id_length": 1})),
    "as-number.csv": (gb(HEAD + "王五,3.60521E+17,低保,1\n"), (1, {"id_damaged": 1})),
    "with-fraction.csv": (gb(HEAD + f"王五,{WANG}.0,低保,1\n"), (1, {"id_damaged": 1})),
    "amounts.csv": (
        gb(HEAD + "".join(f'王五,{WANG},低保,"{amount}"\n' for amount in AMOUNTS)),
        (9, {"money": 3, "rounded": 1}),
    ),
}  # fmt: skip
