"""Planted hits of the rules on benefits and people, and beside each the nearest miss.

Everybody here was made for one plant, so that no plant is a hit of another rule. The last step of
each function that is no hit differs from the hit by one day, one cent, one thousandth or one row.
"""

import datetime as dt

from benchmarks.screening_sides.benefits import (
    DISABLED,
    ELDERLY,
    HARDSHIP,
    LAND,
    LOW,
    ORPHAN,
    SCREENED,
)
from benchmarks.screening_sides.county import County
from benchmarks.screening_sides.people import days, firm_code

BORN = dt.date(1962, 7, 3)


class Plants:
    """Puts plants into a county, one day and one place after the other."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.firms = 5_000_000
        self.plates = 0

    def put(self, times: int) -> None:
        """Put every plant so many times, spread over the months."""
        plants = [getattr(self, name) for name in dir(type(self)) if name.startswith("plant_")]
        for time in range(times):
            month = time % 18
            day = dt.date(2025 + month // 12, month % 12 + 1, 10 + time % 9)
            for plant in plants:
                plant(day)

    def person(self, born: dt.date = BORN, *, is_male: bool = True) -> int:
        place = self.county.add_person(days(born), is_male=is_male)
        self.county.row(
            "persons", person=place, birth_date=born, village="柳林镇第2村", status="正常"
        )
        return place

    def pay(self, person, programme, day, amount, *, account=None, area=None, month=None) -> None:
        self.county.row(
            "payments",
            person=person,
            programme=programme,
            account=account or self.county.account(),
            month=month or day.year * 100 + day.month,
            paid_date=day,
            amount=amount,
            area=area,
            village="柳林镇第2村",
            payer="县民政局",
        )

    def hit(self, rule, person, *rest) -> None:
        self.county.hit(rule, ("person", person), *rest)

    # --- one function for each rule ----------------------------------------------------------

    def plant_paid_after_death(self, day) -> None:
        for late in (31, 32):
            person = self.person()
            death = day - dt.timedelta(days=late)
            self.county.row("deaths", person=person, death_date=death)
            self.pay(person, DISABLED, day, 100_00)
            if late == 32:
                self.hit("paid-after-death", person, DISABLED)

    def plant_payroll(self, day) -> None:
        last = day - dt.timedelta(days=1)
        for since, until, is_hit in ((31, None, False), (32, None, True), (900, last, False)):
            person = self.person()
            self.county.row(
                "payroll",
                person=person,
                employer="县水务局",
                from_date=day - dt.timedelta(days=since),
                to_date=until,
            )
            self.pay(person, LOW, day, 300_00)
            if is_hit:
                self.hit("payroll-on-subsistence", person, LOW)

    def plant_exclusive(self, day) -> None:
        other = day + dt.timedelta(days=31)
        for second, is_hit in ((day, True), (other, False)):
            person = self.person()
            self.pay(person, LOW, day, 300_00)
            self.pay(person, HARDSHIP, second, 700_00)
            if is_hit:
                self.hit("exclusive-benefits", person, LOW, HARDSHIP)

    def plant_account(self, day) -> None:
        for number in (3, 4):
            account = self.county.account()
            for _ in range(number):
                self.pay(self.person(), DISABLED, day, 100_00, account=account)
            if number == 4:
                self.county.hit("one-account-many-persons", ("account", account))

    def plant_twice(self, day) -> None:
        next_month = day + dt.timedelta(days=31)
        for second, is_hit in ((day, True), (next_month, False)):
            person = self.person()
            self.pay(person, DISABLED, day, 50_00)
            self.pay(person, DISABLED, second, 50_00)
            if is_hit:
                self.hit("same-person-twice", person, DISABLED, day.year * 100 + day.month)
        person = self.person()
        for amount in (50_00, 50_00, -50_00):
            self.pay(person, DISABLED, day, amount)

    def plant_dead_account(self, day) -> None:
        for late in (90, 91):
            person, account = self.person(), self.county.account()
            self.county.row("deaths", person=person, death_date=day)
            self.county.row(
                "accounts",
                account=account,
                person=person,
                last_used_date=day + dt.timedelta(days=late),
                balance=88_00,
            )
            if late == 91:
                self.hit("dead-account-used", person, ("account", account))

    def plant_age(self, day) -> None:
        for early in (1, 2):
            born = dt.date(day.year - 80, day.month, 1) + dt.timedelta(days=31 * early)
            person = self.person(born)
            self.pay(person, ELDERLY, day, 50_00)
            if early == 2:
                self.hit("age-or-sex-against-programme", person, ELDERLY)
        for late in (0, 1):
            born = dt.date(day.year - 18, day.month, 15) - dt.timedelta(days=31 * late)
            person = self.person(born)
            self.pay(person, ORPHAN, day, 900_00)
            if late:
                self.hit("age-or-sex-against-programme", person, ORPHAN)
        for is_male in (False, True):
            person = self.person(is_male=is_male)
            self.pay(person, SCREENED, day, 10_000_00)
            if is_male:
                self.hit("age-or-sex-against-programme", person, SCREENED)

    def plant_area(self, day) -> None:
        for more in (0, 1):
            person = self.person()
            self.county.row("land", person=person, plot="990101001", area=10_000)
            self.pay(person, LAND, day, 1100_00, area=11_000 + more)
            if more:
                self.hit("area-above-contract", person, LAND, day.year * 100 + day.month)

    def plant_firm(self, day) -> None:
        for capital, closed, is_hit in (
            (100_000_00, None, True),
            (99_999_99, None, False),
            (500_000_00, day, False),
        ):
            self.firms += 1
            code, person = firm_code(self.firms), self.person()
            self.county.row(
                "enterprises",
                firm=code,
                firm_name="兰水丰源建材有限公司",
                founded_date=dt.date(2018, 6, 1),
                closed_date=closed,
                capital=capital,
            )
            self.county.row("officers", firm=code, person=person, role="股东", from_date=None)
            self.pay(person, LOW, day, 300_00)
            if is_hit:
                self.hit("enterprise-owner", person, LOW)

    def plant_car(self, day) -> None:
        for price, programme, is_hit in (
            (80_000_00, LOW, False),
            (80_000_01, LOW, True),
            (50_000_00, HARDSHIP, False),
            (50_000_01, HARDSHIP, True),
        ):
            person = self.person()
            self.plates += 1
            self.county.row(
                "vehicles",
                owner=person,
                plate=f"甘Y{self.plates:06d}",
                registered_date=dt.date(2019, 3, 1),
                price=price,
            )
            self.pay(person, programme, day, 300_00)
            if is_hit:
                self.hit("car-above-limit", person, programme)

    def plant_homes(self, day) -> None:
        for second in ("住宅", "商业"):
            person = self.person()
            for kind in ("住宅", second):
                self.county.row("properties", person=person, kind=kind, area=90_000)
            self.pay(person, LOW, day, 300_00)
            if second == "住宅":
                self.hit("homes-above-limit", person, LOW)

    def plant_cadre(self, day) -> None:
        for since in (day, day + dt.timedelta(days=1)):
            person = self.person()
            self.county.row(
                "cadres", person=person, village="柳林镇第2村", post="会计", from_date=since
            )
            self.pay(person, LOW, day, 300_00)
            if since == day:
                self.hit("cadre-beneficiary", person, LOW)

    def plant_kin(self, day) -> None:
        for until in (day, day - dt.timedelta(days=1)):
            person, cadre = self.person(), self.person()
            self.county.row(
                "cadres",
                person=cadre,
                village="柳林镇第2村",
                post="会计",
                from_date=dt.date(2019, 3, 1),
                to_date=until,
            )
            self.county.row("kin", cadre=cadre, person=person, relation="近亲属")
            self.pay(person, LOW, day, 300_00)
            if until == day:
                self.hit("kin-beneficiary", person, LOW)

    def plant_standard(self, day) -> None:
        for more in (0, 1):
            person = self.person()
            self.pay(person, LOW, day, 420_00 + more)
            if more:
                self.hit("payment-above-standard", person, LOW, day.year * 100 + day.month)
