"""Made-up people: names, ID numbers that check out, bank accounts. Vectorised and seeded.

The area code 990xxx is given to no place, so no number here is anybody's.
"""

import datetime as dt

import numpy as np
import polars as pl

# Commonest surnames and their share in 10,000, after the Ministry of Public Security (2019).
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐"
_COMMON = [715, 705, 674, 538, 460, 320, 248, 219, 207, 206, 147, 140, 136, 128, 126, 119]
SHARES = np.array([*_COMMON, 113, 110, 101, 97, 93, 88, 83, 80, 77])
GIVEN = "秀英桂兰玉珍国强建华志明海燕春梅德福永生丽娟文平小红军伟芳敏静超勇磊洋娜杰涛明霞"
WEIGHTS = np.array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))  # GB 11643-1999
CHECKS = pl.Series(list("10X98765432"))
EPOCH = dt.date(1970, 1, 1)


def days(date: dt.date) -> int:
    """Count days since 1970, as NumPy and Arrow store a date."""
    return (date - EPOCH).days


def names(random: np.random.Generator, count: int) -> pl.Series:
    """Draw names: surnames by their frequency, one or two characters after them."""
    surname = pl.Series(list(SURNAMES)).gather(
        random.choice(len(SHARES), count, p=SHARES / SHARES.sum())
    )
    given = pl.Series(list(GIVEN))
    first = given.gather(random.integers(0, len(given), count))
    second = given.gather(random.integers(0, len(given), count))
    is_short = pl.Series(random.random(count) < 0.2)
    frame = pl.DataFrame({"a": surname, "b": first, "c": second, "short": is_short})
    return frame.select(
        pl.when("short").then(pl.col("a") + pl.col("b")).otherwise(pl.concat_str("a", "b", "c"))
    ).to_series()


def births(random: np.random.Generator, count: int) -> np.ndarray:
    """Draw dates of birth (days since 1970) of a county that is getting old, 1930 to 2024."""
    decades = np.arange(1930, 2030, 10)
    share = np.array((1.2, 4.0, 8.5, 14.0, 17.5, 15.0, 14.0, 11.0, 10.5, 4.3))
    year = random.choice(decades, count, p=share / share.sum()) + random.integers(0, 10, count)
    year = np.minimum(year, 2024)
    first = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    return first + random.integers(0, 365, count)


def id_numbers(born: np.ndarray, is_male: np.ndarray, area: int) -> pl.Series:
    """Make an ID number for each person, none twice: area, birth, serial, check character.

    Args:
        area: 990000 to 990999 minus what many births on one day need; serials run on into the
            next area code after 499 men or women born on one day.
    """
    order = np.lexsort((is_male, born))
    group = born[order] * 2 + is_male[order]
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    serial = np.arange(len(group)) - np.repeat(starts, np.diff(np.r_[starts, len(group)]))
    rank = np.empty(len(born), dtype=np.int64)
    rank[order] = serial
    date = born.astype("datetime64[D]")
    year = date.astype("datetime64[Y]").astype(np.int64) + 1970
    month = date.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (date - date.astype("datetime64[M]")).astype(np.int64) + 1
    digits = (area + rank // 499) * 10**11 + (year * 10_000 + month * 100 + day) * 1000
    digits += (rank % 499 + 1 - is_male) * 2 + is_male
    total = np.zeros(len(born), dtype=np.int64)
    rest = digits.copy()
    for weight in WEIGHTS[::-1]:
        total += rest % 10 * weight
        rest //= 10
    return pl.Series(digits).cast(pl.String) + CHECKS.gather(total % 11)


def firm_code(number: int) -> str:
    """Make a unified credit code with its check character (GB 32100-2015)."""
    characters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    body = f"91990101MA{number:07d}"
    total = sum(characters.index(c) * w for c, w in zip(body, weights, strict=True))
    return body + characters[(31 - total % 31) % 31]
