"""Spending of made-up offices, with planted hits and beside each the nearest miss.

Every plant has an office, a vehicle or an issuer of its own, so that none is a hit of another rule.
"""

import datetime as dt
from collections import Counter

import numpy as np
import polars as pl

from benchmarks.screening_sides.county import County
from benchmarks.screening_sides.people import firm_code

TUESDAY = dt.date(2026, 3, 3)
TRIP = dt.date(2026, 3, 10)
EVERYDAY = ("办公费", "差旅费", "印刷费", "邮电费")
ENTRIES = 280  # of a base office: too few for Benford's law
BENFORD_EVERY = 40


class Spending:
    """Puts offices and their papers into a county."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.numbers: Counter[tuple[str, int]] = Counter()
        self.offices = self.firms = self.plates = 0

    def put(self, offices: int, times: int) -> None:
        """Put so many everyday offices, and every plant so many times."""
        self._put_rules_of_spending()
        for number in range(offices):
            self._put_everyday(f"兰水县第{number + 1}单位", number)
        plants = [getattr(self, name) for name in dir(type(self)) if name.startswith("plant_")]
        for time in range(times):
            for plant in plants:
                plant(time)

    def _put_rules_of_spending(self) -> None:
        for day in range(15, 24):
            self.county.row("calendar", day=dt.date(2026, 2, day), is_working=False, holiday="春节")
        self.county.row("calendar", day=dt.date(2026, 2, 14), is_working=True)
        self.county.row(
            "standards", category="培训费", from_date=dt.date(2026, 1, 1), amount=400_00
        )

    def _put_everyday(self, office: str, number: int) -> None:
        random = self.county.random
        weekday = random.integers(0, 40, ENTRIES)
        day = np.datetime64("2026-03-02") + weekday // 5 * 7 + weekday % 5
        # All different and none round, so that no rule on amounts can hit by chance.
        amount = random.choice(np.arange(110, 9000), ENTRIES, replace=False) * 100 + 37
        order = pl.Series(np.arange(ENTRIES) + 1).cast(pl.String)
        self.county.put(
            "reimbursements",
            {
                "voucher": "记-" + order.str.zfill(4),
                "office": office,
                "claimant_name": "王芳",
                "category": pl.Series(EVERYDAY).gather(random.integers(0, 4, ENTRIES)),
                "spent_date": pl.Series(day).cast(pl.Date),
                "amount": amount,
                "invoice": f"26992{number:07d}" + order.str.zfill(8),
                "payee": "兰水办公用品店",
                "purpose": "日常开支",
            },
        )
        for at in range(3):
            self.contract(office, f"采购{at}", 10_000_00 + at)
            self.invoice(firm_code(9_000_000 + number), office, 1000 + 7 * at)
        plate = self.plate()
        for week in range(4):
            day_of_week = dt.date(2026, 3, 3 + 7 * week)
            self.trip(plate, day_of_week, 300)
            self.fuel(plate, day_of_week, 40_000)

    # --- rows --------------------------------------------------------------------------------

    def office(self) -> str:
        self.offices += 1
        return f"兰水县直属第{self.offices}所"

    def plate(self) -> str:
        self.plates += 1
        return f"甘X{self.plates:06d}"

    def entry(self, office, amount, *, day=TUESDAY, category="办公费", skip=0, **cells) -> str:
        self.numbers[office, day.year] += 1 + skip
        voucher = f"记-{self.numbers[office, day.year]:04d}"
        self.county.row(
            "reimbursements",
            voucher=voucher,
            office=office,
            claimant_name="王芳",
            category=category,
            spent_date=day,
            amount=amount,
            **cells,
        )
        return voucher

    def contract(self, office, category, amount) -> None:
        self.county.row(
            "contracts",
            contract=f"{office}{category}{amount}",
            office=office,
            category=category,
            signed_date=TUESDAY,
            amount=amount,
            method="询价",
        )

    def invoice(self, issuer, buyer, number) -> None:
        self.county.row(
            "invoices",
            invoice=f"{number:08d}",
            invoice_code="9900152130",
            issuer=issuer,
            issuer_name="兰水饭店",
            buyer=buyer,
            issued_date=TUESDAY,
            amount=980_00,
        )

    def trip(self, plate, day, kilometres) -> None:
        self.county.row("trips", plate=plate, left_date=day, kilometres=kilometres * 1000)

    def fuel(self, plate, day, litres) -> None:
        self.county.row(
            "fuel", plate=plate, fuelled_date=day, litres=litres, amount=litres * 8 // 10
        )

    def hit(self, rule, *key) -> None:
        self.county.hit(rule, *key)

    # --- one function for each rule ----------------------------------------------------------

    def plant_standard(self, _time) -> None:
        for more in (0, 1):
            office = self.office()
            voucher = self.entry(
                office, 4000_00 + more * 10, category="培训费", unit_price=400_00 + more
            )
            if more:
                self.hit("expense-above-standard", office, voucher, "培训费")

    def plant_contracts(self, _time) -> None:
        for category, half in (("办公设备", 1_000_000_00), ("道路工程", 2_000_000_00)):
            for less in (0, 1):
                office = self.office()
                self.contract(office, category, half)
                self.contract(office, category, half - less)
                if not less:
                    self.hit("contracts-split", office, category, 2026)

    def plant_sequence(self, time) -> None:
        for third in (2, 3):
            self.firms += 1
            code, office, first = firm_code(8_000_000 + self.firms), self.office(), 50_000 + time
            for step in (0, 1, third):
                self.invoice(code, office, first + step)
            if third == 2:
                self.hit("sequential-invoices", code, office, "9900152130", "", first)

    def plant_invoice_twice(self, time) -> None:
        for other in ("9900152131", "9900152130"):
            office, number = self.office(), f"{70_000_000 + time:08d}"
            code = "9900152130" if other == "9900152131" else "9900152132"
            self.entry(office, 980_37, invoice=number, invoice_code=code)
            second = other if code == "9900152130" else code
            self.entry(office, 980_37, invoice=number, invoice_code=second)
            if second == code:
                self.hit("same-invoice-twice", code, number)

    def plant_holiday(self, time) -> None:
        day = dt.date(2026, 2, 16 + time % 7)
        for less in (0, 1):
            office = self.office()
            voucher = self.entry(office, 200_00 - less, day=day)
            if not less:
                self.hit("holiday-spending", office, voucher)

    def plant_round(self, _time) -> None:
        for more in (0, 1):
            office = self.office()
            for amount in (1000_00, 2000_00, 3000_00 + more):
                self.entry(office, amount, payee="城关印刷厂")
            if not more:
                self.hit("round-sums", office, "城关印刷厂", 2026)

    def plant_unit_cost(self, time) -> None:
        category, office = f"专用设备{time}", self.office()
        for price in (*range(91_00, 99_00, 100), 285_00):
            self.entry(office, price, category=category, unit_price=price)
        voucher = self.entry(office, 285_01, category=category, unit_price=285_01)
        self.hit("unit-cost-outlier", office, voucher, category, 2026)

    def plant_reception(self, _time) -> None:
        for more in (0, 1):
            office = self.office()
            for year, amount in ((2024, 20_000_00), (2025, 30_000_00 + more)):
                self.entry(office, amount, day=dt.date(year, 6, 3), category="公务接待费")
            if more:
                self.hit("reception-jump", office, 2025)

    def plant_fuel_without_trip(self, _time) -> None:
        plate = self.plate()
        self.trip(plate, TRIP, 300)
        for late in (3, 4):
            day = TRIP + dt.timedelta(days=late)
            self.fuel(plate, day, 40_000)
            if late == 4:
                self.hit("fuel-without-trip", plate, day)

    def plant_fuel_above_kilometres(self, _time) -> None:
        for more in (0, 1):
            plate = self.plate()
            self.trip(plate, TRIP, 1000)
            self.fuel(plate, TRIP, 220_000 + more)
            if more:
                self.hit("fuel-above-kilometres", plate, 202603)

    def plant_gap(self, _time) -> None:
        for missing in (1, 51):
            office = self.office()
            self.entry(office, 301_37)
            self.entry(office, 302_37, skip=missing)
            if missing == 1:
                self.hit("number-gaps", office, "记-", 2026, 1)

    def plant_repeated(self, _time) -> None:
        for times in (4, 5):
            office = self.office()
            for _ in range(times):
                self.entry(office, 380_00)
            if times == 5:
                self.hit("repeated-amounts", office, 380_00)

    def plant_benford(self, time) -> None:
        if time % BENFORD_EVERY:
            return
        for entries in (299, 300):
            office = self.office()
            for number in range(entries):
                self.entry(office, 11_37 + number * 100)
            if entries == 300:
                for digit in range(10):
                    self.hit("benford-second-digit", office, digit)
                    if digit:
                        self.hit("benford-first-digit", office, digit)
