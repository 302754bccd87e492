"""Make the extracts of the sample county's data comparison, as untidy as offices hand them over.

    .tools/venv/bin/python tools/sample_screening.py

The same seed gives the same files. All people, numbers, accounts and sums are made up.
"""

import csv
import datetime as dt
import random
from pathlib import Path
from typing import Any

import xlsxwriter

OUT = Path(__file__).parents[1] / "packs" / "samples" / "screening"
SEED = 20251123
TOWN = "石桥镇"
VILLAGES = ("下堡村", "新堡村", "东河村", "西营村", "老庄村", "西洼村", "老湾村", "南滩村")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "秀桂玉春明国建志海文永金福兰芳英华荣贵生林德成梅凤云平军红"
SUBSISTENCE, DISABLED, LAND, OLD = "农村低保", "残疾人两项补贴", "耕地地力保护补贴", "高龄津贴"
DESTITUTE = "特困人员救助供养"
MONTHLY = {SUBSISTENCE: 46500, DISABLED: 11000, OLD: 10000, DESTITUTE: 80500}
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
LETTER = "岚巡调〔2026〕{}号"


class Person:
    """One made-up person."""

    def __init__(self, chance: random.Random, village: str, born: dt.date) -> None:
        self.name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))
        self.village = village
        body = f"341226{born:%Y%m%d}{chance.randint(1, 989):03d}"
        total = sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True))
        self.number = body + "10X98765432"[total % 11]
        self.account = f"6217{chance.randint(10**14, 10**15 - 1)}"


def people(chance: random.Random) -> list[Person]:
    found = []
    for village in VILLAGES:
        for _ in range(26):
            born = dt.date(chance.randint(1938, 1988), chance.randint(1, 12), chance.randint(1, 28))
            found.append(Person(chance, village, born))
    return found


def payments(chance: random.Random, everybody: list[Person]) -> list[list[Any]]:
    """Give a year of payments: village, name, number, programme, account, month, day, yuan, mu."""
    rows: list[list[Any]] = []

    def pay(one: Person, programme: str, months: Any, account: str = "", area: float = 0) -> None:
        for month in months:
            cents = MONTHLY.get(programme, round(area * 10450))
            who = [one.village, one.name, one.number, programme, account or one.account]
            when = [f"2025{month:02d}", dt.date(2025, month, 18)]
            rows.append([*who, *when, cents / 100, area or ""])

    for place, one in enumerate(everybody):
        if place % 9 < 2:
            pay(one, SUBSISTENCE, range(1, 13))
        if place % 11 == 5:
            pay(one, DISABLED, range(1, 13))
        if int(one.number[6:10]) <= 1944 and place % 3:
            pay(one, OLD, range(1, 13))
        if place % 4 == 0:
            pay(one, LAND, [6], area=round(chance.uniform(2, 11), 1))
    return rows


def planted(everybody: list[Person], rows: list[list[Any]]) -> dict[str, list[Any]]:
    """Choose who the rules should ask about, and change their payments so that they do."""
    drawing = [
        one for one in everybody if any(r[2] == one.number and r[3] == SUBSISTENCE for r in rows)
    ]
    died = [(drawing[i], day) for i, day in (
        (0, dt.date(2025, 3, 2)), (3, dt.date(2025, 6, 21)), (7, dt.date(2025, 9, 8)),
        (12, dt.date(2025, 11, 25)), (20, dt.date(2024, 12, 19)), (26, dt.date(2025, 5, 4)),
    )]  # fmt: skip
    # Two were stopped in time: near misses.
    for one, day in died[2:4]:
        rows[:] = [r for r in rows if r[2] != one.number or r[6] <= day]
    for one in drawing[30:34]:
        for row in rows:
            if row[2] == one.number:
                row[4] = drawing[30].account
    for one in drawing[15:17]:
        rows += [list(r) for r in rows if r[2] == one.number and r[5] in {"202504", "202505"}]
    for one in drawing[22:24]:
        rows += [[*r[:3], DESTITUTE, *r[4:7], MONTHLY[DESTITUTE] / 100, ""]
                 for r in rows if r[2] == one.number and r[3] == SUBSISTENCE][:6]  # fmt: skip
    return {"died": died, "paid": drawing[5:8], "cadres": drawing[9:11], "kin": drawing[18:20]}


def write_payments(chance: random.Random, rows: list[list[Any]], holders: dict[str, str]) -> None:
    rows.sort(key=lambda row: (VILLAGES.index(row[0]), row[5], row[1], row[3]))
    book = xlsxwriter.Workbook(OUT / f"{TOWN}2025年惠民惠农补贴“一卡通”发放明细.xlsx")
    day, bold = book.add_format({"num_format": "yyyy/m/d"}), book.add_format({"bold": True})
    for part, villages in (("上半镇", VILLAGES[:4]), ("下半镇", VILLAGES[4:])):
        sheet = book.add_worksheet(part)
        sheet.write(0, 0, f"{TOWN}2025年惠民惠农财政补贴资金“一卡通”发放明细表", bold)
        sheet.write(1, 0, "填报单位：岚水县财政局国库支付中心")
        titles = ("序号", "乡镇", "所在村", "领取人姓名", "身份证号码", "发放项目", "一卡通账号",
                  "所属月份", "发放日期", "发放金额（元）", "补贴面积", "开户名")  # fmt: skip
        for column, title in enumerate(titles):
            sheet.write(2, column, title, bold)
        own = [row for row in rows if row[0] in villages]
        for number, row in enumerate(own, 1):
            at = number + 2
            village, name, person, programme, account, month, paid, yuan, area = row
            sheet.write_row(at, 0, [number, TOWN, village, name])
            if chance.random() < 0.006:
                sheet.write_number(at, 4, float(person[:17] + "0"))  # Excel took it for a number
            elif chance.random() < 0.01:
                sheet.write_string(at, 4, person[:6] + "********" + person[14:])
            else:
                sheet.write_string(at, 4, person if chance.random() > 0.05 else f" {person}")
            sheet.write_row(at, 5, [programme, account, month])
            if chance.random() < 0.06:
                sheet.write_string(at, 8, f"{paid.year}.{paid.month}.{paid.day}")
            else:
                sheet.write_datetime(at, 8, dt.datetime.combine(paid, dt.time()), day)
            sheet.write(at, 9, yuan if chance.random() > 0.03 else f"{yuan:,.2f}元")
            sheet.write_row(at, 10, [area, holders[account]])
        sheet.write(len(own) + 3, 0, "合计")
        sheet.write(len(own) + 3, 9, sum(row[7] for row in own))
    book.close()


def write_deaths(died: list[tuple[Person, dt.date]]) -> None:
    with (OUT / "死亡人员信息（民政、卫健）.csv").open("w", encoding="gb18030", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["序号", "死者姓名", "公民身份号码", "死亡日期", "火化日期", "住址"])
        for number, (one, day) in enumerate(died, 1):
            burnt = day + dt.timedelta(days=3)
            lines.writerow([number, one.name, one.number, f"{day.year}年{day.month}月{day.day}日",
                            f"{burnt:%Y-%m-%d}", f"{TOWN}{one.village}"])  # fmt: skip


def write_staff(paid: list[Person], others: list[Person]) -> None:
    book = xlsxwriter.Workbook(OUT / "财政供养人员名册.xlsx")
    sheet = book.add_worksheet("在职")
    sheet.write(0, 0, "岚水县财政供养人员名册（县委编办、财政局）")
    sheet.write_row(1, 0, ["序号", "工作单位", "姓名", "身份证号", "人员类别", "参加工作时间"])
    places = ("石桥镇中心小学", "石桥镇卫生院", "石桥镇农业服务中心")
    for number, one in enumerate([*others, *paid], 1):
        sheet.write_row(number + 1, 0, [number, places[number % 3], one.name, one.number,
                                        "事业编制", f"{1998 + number}-07-01"])  # fmt: skip
    book.close()


def write_cadres(cadres: list[Person], kin: list[Person], others: list[Person]) -> None:
    book = xlsxwriter.Workbook(OUT / "村（社区）干部及亲属申报.xlsx")
    posts = book.add_worksheet("村干部")
    posts.write_row(0, 0, ["任职村", "干部姓名", "身份证号", "村内职务", "任职时间"])
    every = [*cadres, *others]
    for number, one in enumerate(every, 1):
        post = ("村党支部委员", "村委会委员", "村报账员")[number % 3]
        posts.write_row(number, 0, [one.village, one.name, one.number, post, "2021-01-15"])
    declared = book.add_worksheet("亲属申报")
    declared.write_row(0, 0, ["申报人姓名", "申报人身份证号", "称谓", "亲属姓名", "亲属证件号码"])
    for number, one in enumerate(kin, 1):
        head = every[number + 1]
        declared.write_row(number, 0, [head.name, head.number, ("母亲", "岳父")[number % 2],
                                       one.name, one.number])  # fmt: skip
    book.close()


def write_programmes() -> None:
    book = xlsxwriter.Workbook(OUT / "补贴项目政策口径.xlsx")
    sheet = book.add_worksheet("项目")
    sheet.write_row(0, 0, ["项目名称", "年龄下限", "补贴标准", "按面积", "低收入类"])
    for row, (name, least, standard, area, needs) in enumerate(
        ((SUBSISTENCE, "", 465, "否", "是"), (DISABLED, "", 110, "否", "否"),
         (LAND, "", "", "是", "否"), (OLD, 80, 100, "否", "否"),
         (DESTITUTE, "", 805, "否", "是")), 1):  # fmt: skip
        sheet.write_row(row, 0, [name, least, standard, area, needs])
    pairs = book.add_worksheet("互斥")
    pairs.write_row(0, 0, ["项目一", "项目二"])
    pairs.write_row(1, 0, [SUBSISTENCE, DESTITUTE])
    book.close()


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    chance = random.Random(SEED)
    everybody = people(chance)
    rows = payments(chance, everybody)
    chosen = planted(everybody, rows)
    drawing = {row[2] for row in rows if row[3] in {SUBSISTENCE, DESTITUTE}}
    others = [one for one in everybody if one.number not in drawing]
    unpaid = [one for one in others if one.number not in {row[2] for row in rows}]
    write_payments(chance, rows, {one.account: one.name for one in everybody})
    write_deaths([*chosen["died"], *((one, dt.date(2025, 2, 11)) for one in unpaid[:9])])
    write_staff(chosen["paid"], others[20:45])
    write_cadres(chosen["cadres"], chosen["kin"], others[50:64])
    write_programmes()


if __name__ == "__main__":
    main()
