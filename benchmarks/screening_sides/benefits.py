"""Benefits of a made-up county: who draws what in two years, and what people own. No hits here."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.screening_sides import people
from benchmarks.screening_sides.county import County
from benchmarks.screening_sides.people import days

START = (2024, 11)
MONTHS = np.array([(START[0] + (10 + n) // 12) * 100 + (10 + n) % 12 + 1 for n in range(24)])
FIRST, LAST = days(dt.date(2024, 11, 1)), days(dt.date(2026, 10, 31))
LOW, HARDSHIP, ELDERLY = "农村低保", "特困供养", "高龄津贴"
PENSION, DISABLED, LAND, ORPHAN, SCREENED = (
    "城乡居民养老金",
    "残疾人生活补贴",
    "耕地地力保护补贴",
    "孤儿基本生活费",
    "两癌救助",
)
TOWNSHIPS = ("城关镇", "柳林镇", "石桥镇", "白水乡", "青山乡", "马坡镇", "河口乡", "双泉镇")


@dataclass(frozen=True)
class Base:
    """The people of the base, and who of them draws needs-tested benefits."""

    places: np.ndarray
    born: np.ndarray
    village: pl.Series
    needs_tested: np.ndarray  # of bool
    death: np.ndarray  # days since 1970; far off for the living


def put_base(county: County, count: int) -> Base:
    """Put people, their benefits and what they own; none of it is a hit of any rule."""
    random = county.random
    born = people.births(random, count)
    places = county.add_people(born, random.random(count) < 0.51)
    villages = max(8, count // 1500)
    names = [f"{TOWNSHIPS[n % len(TOWNSHIPS)]}第{n + 1}村" for n in range(villages)]
    village = pl.Series(names).gather(random.integers(0, villages, count))
    dies = random.random(count) < 0.008 + 0.03 * (born < days(dt.date(1945, 1, 1)))
    death = np.where(dies, random.integers(FIRST, LAST, count), 10**6)
    lot = random.random(count)
    # Hardship is drawn by adults only here: orphans may not draw it too.
    is_low = lot < 0.12
    is_hard = (lot >= 0.12) & (lot < 0.13) & (born < days(dt.date(2000, 1, 1)))
    base = Base(places, born, village, is_low | is_hard, death)
    if county.block == 0:  # one list of programmes serves all blocks
        _put_programmes(county)
    county.put("persons", _persons(base))
    dead = np.flatnonzero(dies)
    county.put("deaths", {"person": places[dead], "death_date": _dates(death[dead])})
    county.accounts = count
    who = np.flatnonzero
    at_start = FIRST
    _pay(county, base, LOW, who(is_low), 180_00, 420_00)
    _pay(county, base, HARDSHIP, who(is_hard), 700_00, 900_00)
    _pay(county, base, ELDERLY, who(born < at_start - 80 * 365.25 - 1), 50_00, 50_00)
    pensioners = (born < at_start - 60 * 365.25 - 1) & (random.random(count) < 0.78)
    _pay(county, base, PENSION, who(pensioners), 163_00, 310_00)
    _pay(county, base, DISABLED, who(random.random(count) < 0.053), 100_00, 100_00)
    minors = born > days(dt.date(2010, 1, 1))
    _pay(county, base, ORPHAN, who(minors & (random.random(count) < 0.02)), 1200_00, 1200_00)
    _pay_by_area(county, base, who((random.random(count) < 0.3) & (born < 0.6 * at_start)))
    _put_means(county, base)
    return base


def _persons(base: Base) -> dict[str, object]:
    households = pl.Series(base.places // 3).cast(pl.String)
    return {
        "person": base.places,
        "birth_date": _dates(base.born),
        "village": base.village,
        "household": households,
        "status": "正常",
    }


def _put_programmes(county: County) -> None:
    put = county.row
    put("programmes", programme=LOW, standard=420_00, most_car=80_000_00, is_needs_tested=True)
    put("programmes", programme=HARDSHIP, standard=900_00, is_needs_tested=True, most_homes=1)
    put("programmes", programme=ELDERLY, standard=50_00, least_age=80)
    put("programmes", programme=PENSION, least_age=60)
    put("programmes", programme=DISABLED, standard=100_00)
    put("programmes", programme=LAND, is_by_area=True)
    put("programmes", programme=ORPHAN, standard=1200_00, most_age=17)
    put("programmes", programme=SCREENED, sex="女")
    put("exclusive", programme=LOW, other=HARDSHIP)
    put("exclusive", programme=HARDSHIP, other=ORPHAN)


def _pay(
    county: County, base: Base, programme: str, who: np.ndarray, least: int, most: int
) -> None:
    """Pay a programme in every month, until shortly after a person's death at most."""
    random = county.random
    month = np.repeat(MONTHS, len(who))
    person = np.tile(who, len(MONTHS))
    amount = np.tile(random.integers(least, most + 1, len(who)), len(MONTHS))
    paid = np.repeat(_tenths(), len(who)) + np.tile(random.integers(0, 9, len(who)), len(MONTHS))
    _put_payments(county, base, programme, person, month, paid, amount, None)


def _pay_by_area(county: County, base: Base, who: np.ndarray) -> None:
    """Pay for land in April, for no more than a tenth above what is contracted."""
    random = county.random
    contracted = random.integers(500, 12_000, len(who))
    area = contracted * random.integers(80, 111, len(who)) // 100
    county.put(
        "land",
        {
            "person": base.places[who],
            "plot": pl.Series(np.arange(len(who)) + 990101001).cast(pl.String),
            "area": contracted,
            "village": base.village.gather(who),
        },
    )
    for year in (2025, 2026):
        day = days(dt.date(year, 4, 10)) + random.integers(0, 15, len(who))
        month = np.full(len(who), year * 100 + 4)
        _put_payments(county, base, LAND, who, month, day, area * 10, area)


def _put_payments(county, base, programme, person, month, paid, amount, area) -> None:
    there = (paid <= base.death[person] + 25) & (paid <= LAST + 15)
    if programme == ORPHAN:  # nobody grows out of it within the two years
        there &= paid < base.born[person] + 17 * 365
    person, month, paid, amount = person[there], month[there], paid[there], amount[there]
    # In every fiftieth household a second person is paid into the account of the first.
    account = np.where(person % 50 == 1, person - 1, person) + 1
    columns = {
        "person": base.places[person],
        "programme": programme,
        "account": account,
        "month": month,
        "paid_date": _dates(paid),
        "amount": amount,
        "village": base.village.gather(person),
        "payer": "县民政局",
    }
    if area is not None:
        columns["area"] = area[there]
    county.put("payments", columns)


def _put_means(county: County, base: Base) -> None:
    """Put payroll, cadres, firms, vehicles and homes so that needs-tested people are within."""
    random, count = county.random, len(base.places)
    adult = base.born < days(dt.date(2004, 1, 1))
    free = np.flatnonzero(adult & ~base.needs_tested)
    tested = np.flatnonzero(adult & base.needs_tested)
    paid = random.choice(free, max(1, count // 40), replace=False)
    since = days(dt.date(2015, 9, 1))
    county.put(
        "payroll",
        {
            "person": base.places[paid],
            "employer": "县教育局",
            "from_date": _dates(paid * 0 + since),
        },
    )
    cadres = random.choice(free, max(2, count // 250), replace=False)
    kin = random.choice(free, len(cadres) * 2, replace=False)
    county.put(
        "cadres",
        {
            "person": base.places[cadres],
            "village": base.village.gather(cadres),
            "post": "村委会委员",
            "from_date": _dates(cadres * 0 + since),
        },
    )
    county.put(
        "kin",
        {
            "cadre": base.places[np.repeat(cadres, 2)],
            "person": base.places[kin],
            "relation": "近亲属",
        },
    )
    _put_firms(county, base, free, tested)
    _put_cars_and_homes(county, base, free, tested)
    used = np.flatnonzero(np.arange(count) % 50 != 1)
    day = np.minimum(random.integers(FIRST, LAST, len(used)), base.death[used] + 60)
    county.put(
        "accounts",
        {
            "account": used + 1,
            "person": base.places[used],
            "last_used_date": _dates(day),
            "balance": random.integers(0, 500_000, len(used)),
        },
    )


def _put_firms(county: County, base: Base, free: np.ndarray, tested: np.ndarray) -> None:
    random = county.random
    rich = random.choice(free, max(1, len(free) // 60), replace=False)
    small = random.choice(tested, max(1, len(tested) // 60), replace=False)
    owners = np.concatenate([rich, small])
    capital = np.concatenate(
        [
            random.integers(5_000_000, 900_000_000, len(rich)),
            random.integers(100_000, 10_000_000, len(small)),
        ]
    )
    codes = pl.Series([people.firm_code(n) for n in range(len(owners))])
    firms = pl.Series([f"兰水第{n + 1}商行" for n in range(len(owners))])
    founded = _dates(owners * 0 + days(dt.date(2018, 6, 1)))
    county.put(
        "enterprises",
        {"firm": codes, "firm_name": firms, "founded_date": founded, "capital": capital},
    )
    county.put(
        "officers",
        {
            "firm": codes,
            "firm_name": firms,
            "person": base.places[owners],
            "role": "法定代表人",
            "from_date": founded,
        },
    )


def _put_cars_and_homes(county: County, base: Base, free: np.ndarray, tested: np.ndarray) -> None:
    random = county.random
    drivers = random.choice(free, len(free) // 6, replace=False)
    poor = random.choice(tested, len(tested) // 40, replace=False)
    owners = np.concatenate([drivers, poor])
    price = np.concatenate(
        [
            random.integers(3_000_000, 60_000_000, len(drivers)),
            random.integers(500_000, 5_000_000, len(poor)),
        ]
    )
    number = pl.Series(np.arange(len(owners))).cast(pl.String).str.zfill(6)
    county.put(
        "vehicles",
        {
            "owner": base.places[owners],
            "plate": "甘Z" + number,
            "registered_date": _dates(owners * 0 + days(dt.date(2019, 3, 1))),
            "price": price,
        },
    )
    twice = np.concatenate([free[::3], free[::9], tested[::2]])
    county.put(
        "properties",
        {
            "person": base.places[twice],
            "kind": "住宅",
            "area": random.integers(60_000, 140_000, len(twice)),
            "registered_date": _dates(twice * 0 + days(dt.date(2016, 5, 1))),
        },
    )


def _dates(number: np.ndarray) -> pl.Series:
    return pl.Series(np.asarray(number).astype(np.int32)).cast(pl.Date)


def _tenths() -> np.ndarray:
    """Give the tenth of each month, in days since 1970."""
    return np.array([days(dt.date(m // 100, m % 100, 10)) for m in MONTHS.tolist()])
