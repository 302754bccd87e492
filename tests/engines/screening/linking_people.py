"""Made-up people of a county or prefecture, and rows about them as clerks mistype them; seeded.

Shares of errors are ours, from what inspectors tell of extracts; no real person is behind a row.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from pypinyin import Style, lazy_pinyin

# The commonest surnames with their share in a thousand, and a few rare and compound ones.
SHARES = {
    72: "王 李",
    68: "张",
    54: "刘",
    45: "陈",
    31: "杨",
    23: "赵",
    22: "黄",
    20: "吴 周",
    17: "徐",
    16: "孙",
    13: "马 朱 胡",
    12: "郭 何",
    11: "林",
    10: "高",
    9: "罗 郑",
    8: "梁 谢 宋",
    7: "唐 许 韩 冯",
    6: "邓 曹 彭",
    5: "曾 肖 田 董",
    4: "潘 袁 蔡 蒋 余 于 杜 叶 程 魏 苏 吕 丁 任",
    3: "沈 姚 卢 姜 崔 钟 谭 陆 汪 范 金 石 廖 贾 夏",
    2: "韦 付 方 白 邹 孟 熊 秦 邱 江 尹 薛 闫 段 雷 侯 龙 史 陶 黎 贺 顾 毛 郝 龚 邵 万 钱 严",
    1: "覃 戴 莫 孔 向 汤 单 仇 解 欧阳 司马 上官 诸葛",
}
SURNAMES = {name: share for share, names in SHARES.items() for name in names.split()}
MEN = (
    "国建明文军伟志华平强海林德春永东金生成云学光庆忠新福红世玉清勇涛斌波辉刚健俊杰峰超鹏飞龙磊"
    "亮宇浩博轩子泽天祥贵富顺祖宗元长兴发荣昌仁义礼智信安康宁泉山川江河田根柱栓锁保全有才良善友"
    "汉武景大小树松柏栋梁启开先立正宏广远达振兵卫民旭阳凯晨曦锋铁钢"
)
WOMEN = (
    "秀英华玉兰芳丽红梅珍霞燕玲桂香翠凤娟娥琴云萍敏静艳春菊莲青淑婷雪慧莉洁倩蓉蕾薇佳琳颖欣怡"
    "梦雨思诗涵可心月爱美金银花巧惠贤素荣彩芬芝珠瑞琼瑶娜妮晶莹琪璐雯晓冬菲媛婉妍彤若冰露清雅竹"
)
TOWNSHIPS = "张集 洪山嘴 仙人渡 竹林桥 薛集 孟楼 袁冲 李楼 崔营 赵岗 石花 盛康 庙滩 五山 茨河 南河"
VILLAGES = (
    "幸福 新建 红旗 东风 胜利 团结 和平 光明 前进 跃进 新华 三河 龙潭 大桥 柳林 杨家湾 王家畈 "
    "李家垱 张家岗 陈家台 刘家营 石桥 白庙 黄龙 青山 小河 下湾 上寨 双庙 井湾 枣园 茶庵 "
    "莲花 凤凰 桃园 清泉 松林 银杏 马家店 赵家洼 孙庄 周沟 郭堤 田湾 长岭 土桥 "
    "泉水 云台 金盆 铁炉 油坊 砖桥 板桥 官庄 许家寨 余家坪"
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
# Of 1 000 rows: what is wrong with the name. The rest have it right.
NAME_ERRORS = {"homophone": 70, "near": 30, "swapped": 20, "other": 30}
# What a row has of the number, and how often it has the other facts.
NUMBERS = {"none": 440, "one_off": 240, "two_off": 20, "excel": 200, "garbage": 100}
HAS = {"village": 950, "household": 400, "birth_date": 350, "township": 850, "sex": 300}
# Another's fact stands in the row; a village is written with a character that sounds the same;
# the day of birth is wrong, or the month.
WRONG = {"village": 20, "household": 20, "birth_date": 20, "sex": 10}
VILLAGE_SOUND, BIRTH_DAY, BIRTH_MONTH = 15, 20, 10
SOUNDS_LIKE = str.maketrans("新建旗东胜利和明前进华河龙庙家桥", "心健期冬圣力合名钱近花何隆妙加乔")


@dataclass(frozen=True)
class People:
    """Columns of equal length, a place for each person; `household` is a number below `size`."""

    surname: np.ndarray
    given: np.ndarray
    is_male: np.ndarray
    birth_date: np.ndarray  # days since 1970
    area: np.ndarray
    sequence: np.ndarray
    village: np.ndarray
    township: np.ndarray
    household: np.ndarray

    @property
    def name(self) -> Any:
        return np.char.add(self.surname, self.given)

    @property
    def number(self) -> Any:
        """ID numbers of 18 characters, with the right check character."""
        days = self.birth_date.astype("datetime64[D]")
        born = np.char.replace(days.astype(str), "-", "")
        body = np.char.add(np.char.add(self.area.astype(str), born), _padded(self.sequence, 3))
        digits = body.astype("U17").view("U1").reshape(len(body), 17).astype(np.int64)
        check = np.array(list(CHECKS))[(digits @ np.array(WEIGHTS)) % 11]
        return np.char.add(body, check)


@dataclass(frozen=True)
class Rows:
    """Rows as clerks wrote them. "" where a cell is blank; `person` is -1 for strangers."""

    person: np.ndarray
    name: np.ndarray
    number: np.ndarray
    village: np.ndarray
    township: np.ndarray
    household: np.ndarray
    birth_date: np.ndarray
    sex: np.ndarray  # 男, 女


def people(size: int, seed: int) -> People:
    """Make `size` persons in households of one to six, in villages of about 1 500 people."""
    rng = np.random.default_rng(seed)
    household = np.sort(rng.integers(0, max(1, int(size / 3.1)), size))
    first = np.concatenate([[True], household[1:] != household[:-1]])
    head = np.flatnonzero(first)[np.cumsum(first) - 1]
    place = np.arange(size) - head
    village_of, townships = _places(size, rng)
    where = village_of[household * len(village_of) // (int(household[-1]) + 1)]
    surnames = np.array(list(SURNAMES))
    share = np.array(list(SURNAMES.values())) / sum(SURNAMES.values())
    own = rng.choice(surnames, size, p=share)
    # The second of a household is the wife; the others have the surname of the first.
    surname = np.where(place == 1, own, own[head])
    is_male = np.where(place == 0, True, np.where(place == 1, False, rng.random(size) < 0.52))
    head_age = rng.integers(22, 90, size)[head]
    age = np.where(
        place < 2,
        np.clip(head_age + np.where(place == 1, rng.integers(-5, 4, size), 0), 20, 99),
        np.clip(head_age - 20 - rng.integers(0, 16, size), 0, 75),
    )
    today = (dt.date(2026, 1, 1) - dt.date(1970, 1, 1)).days
    birth_date = today - (age * 365.25).astype(np.int64) - rng.integers(0, 365, size)
    area = 420600 + rng.integers(1, 4, size) * 10 + (where % 7)
    return People(
        surname=surname,
        given=_given_names(is_male, place, head, rng),
        is_male=is_male,
        birth_date=birth_date,
        area=area,
        sequence=_sequences(area, birth_date, is_male, rng),
        village=_village_names(len(village_of))[where],
        township=townships[where],
        household=household,
    )


def rows_about(known: People, size: int, seed: int, strangers: float = 0.15) -> Rows:
    """Make `size` rows, a share of them about people who are not among the known."""
    rng = np.random.default_rng(seed)
    others = people(max(10, int(len(known.village) / 5)), seed + 1)
    strange = rng.random(size) < strangers
    person = rng.integers(0, len(known.village), size)
    other = rng.integers(0, len(others.village), size)

    def of(field: str) -> Any:
        return np.where(strange, getattr(others, field)[other], getattr(known, field)[person])

    number = of("number")
    households = np.where(strange, others.household[other] + 10**7, known.household[person])
    right = {
        "village": of("village"),
        "household": households.astype("U12"),
        "birth_date": of("birth_date").astype("datetime64[D]").astype(str),
        "sex": np.where(of("is_male"), "男", "女"),
    }
    wrong = {
        key: np.where(rng.random(size) * 1000 < WRONG[key], rng.permutation(value), value)
        for key, value in right.items()
    }
    _misheard(wrong, rng)
    has = {key: rng.random(size) * 1000 < share for key, share in HAS.items()}
    # Whoever writes a date of birth beside a name does it because there is no number.
    spoiled = _spoiled_numbers(number, rng)
    has["birth_date"] &= spoiled == ""
    # Rows with nothing but a name are never linked: they are tested apart.
    has["village"] |= ~(has["birth_date"] | has["household"] | (np.char.str_len(spoiled) == 18))
    return Rows(
        person=np.where(strange, -1, person),
        name=_mistyped(of("surname"), of("given"), rng),
        number=spoiled,
        village=np.where(has["village"], wrong["village"], ""),
        township=np.where(has["township"], of("township"), ""),
        household=np.where(has["household"], wrong["household"], ""),
        birth_date=np.where(has["birth_date"], wrong["birth_date"], ""),
        sex=np.where(has["sex"], wrong["sex"], ""),
    )


def _misheard(cells: dict[str, np.ndarray], rng: np.random.Generator) -> None:
    """Write some villages by their sound, and some days and months of birth wrong, in place."""
    size = len(cells["village"])
    for place in np.flatnonzero(rng.random(size) * 1000 < VILLAGE_SOUND):
        cells["village"][place] = cells["village"][place].translate(SOUNDS_LIKE)
    draw = rng.random(size) * 1000
    day, month = draw < BIRTH_DAY, draw > 1000 - BIRTH_MONTH
    years, months, days = np.char.rpartition(cells["birth_date"].reshape(-1), "-")[:, [0, 1, 2]].T
    wrong_day = _padded(rng.integers(1, 29, size), 2)
    years, months = np.char.partition(years, "-")[:, [0, 2]].T
    months = np.where(month, _padded(rng.integers(1, 13, size), 2), months)
    # No month has fewer than 28 days.
    days = np.where(day, wrong_day, np.where(month & (days > "28"), "28", days))
    cells["birth_date"] = np.char.add(
        np.char.add(np.char.add(years, "-"), np.char.add(months, "-")), days
    )


def _sequences(
    area: np.ndarray, birth_date: np.ndarray, is_male: np.ndarray, rng: np.random.Generator
) -> Any:
    """Number those born on one day in one area, so that no two people share an ID number."""
    day = (area * 100_000 + birth_date) * 2 + is_male
    order = np.argsort(day, kind="stable")
    starts = np.flatnonzero(np.diff(day[order], prepend=-1))
    rank = np.arange(len(day)) - np.repeat(starts, np.diff(np.append(starts, len(day))))
    start = np.repeat(rng.integers(0, 500, len(starts)), np.diff(np.append(starts, len(day))))
    sequence = np.empty(len(day), dtype=np.int64)
    sequence[order] = (start + rank * 7) % 500 * 2
    return sequence + is_male


def _padded(numbers: np.ndarray, width: int) -> np.ndarray:
    return np.char.zfill(numbers.astype(str), width)


def _places(size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    count = max(3, size // 1500)
    names = np.array(TOWNSHIPS.split())
    townships = np.char.add(names[np.arange(count) % len(names)], "镇")
    return rng.permutation(count), townships


def _village_names(count: int) -> np.ndarray:
    names = VILLAGES.split()
    # Names repeat from township to township, as they do, and are unique within one.
    townships = len(TOWNSHIPS.split())
    return np.array(
        [
            names[(number // townships * 5 + number % townships * 3) % len(names)] + "村"
            for number in range(count)
        ]
    )


def _given_names(
    is_male: np.ndarray, place: np.ndarray, head: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    size = len(is_male)

    def drawn(letters: str) -> np.ndarray:
        weights = 1 / (np.arange(len(letters)) + 8)
        return rng.choice(np.array(list(letters)), size, p=weights / weights.sum())

    first = np.where(is_male, drawn(MEN), drawn(WOMEN))
    second = np.where(is_male, drawn(MEN), drawn(WOMEN))
    # Half of the sons and daughters of a house share the character of their generation.
    shared = drawn(MEN)[head]
    first = np.where((place > 1) & (rng.random(size) < 0.5), shared, first)
    return np.where(rng.random(size) < 0.2, second, np.char.add(first, second))


@cache
def _sounding(near: bool) -> dict[str, str]:
    """Give for each character of names those that sound like it, or nearly so."""
    letters = sorted(set("".join(SURNAMES) + MEN + WOMEN))
    sounds: dict[str, str] = {}
    for letter in letters:
        sound = lazy_pinyin(letter, style=Style.NORMAL)[0]
        if near:
            for one, other in (("zh", "z"), ("ch", "c"), ("sh", "s")):
                sound = other + sound[2:] if sound.startswith(one) else sound
            sound = sound.replace("n", "l", 1) if sound.startswith("n") else sound
            sound = sound[:-1] if sound.endswith("ng") else sound
        sounds[sound] = sounds.get(sound, "") + letter
    return {letter: group for group in sounds.values() for letter in group if len(group) > 1}


def _mistyped(surname: np.ndarray, given: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    names = np.char.add(surname, given)
    kinds = rng.choice(
        ["", *NAME_ERRORS],
        len(names),
        p=[1 - sum(NAME_ERRORS.values()) / 1000, *(n / 1000 for n in NAME_ERRORS.values())],
    )
    pool = MEN + WOMEN
    result = names.tolist()
    for place in np.flatnonzero(kinds != ""):
        letters, kind = list(result[place]), kinds[place]
        at = int(rng.integers(max(1, len(letters) - 2), len(letters)))
        if kind == "swapped" and len(letters) > 2:
            letters[-1], letters[-2] = letters[-2], letters[-1]
        elif kind in {"homophone", "near"}:
            at = int(rng.integers(0, len(letters)))
            group = _sounding(kind == "near").get(letters[at], letters[at])
            letters[at] = group[int(rng.integers(len(group)))]
        elif kind == "other":
            letters[at] = pool[int(rng.integers(len(pool)))]
        result[place] = "".join(letters)
    return np.array(result)


def _spoiled_numbers(numbers: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Give numbers that are missing, one digit off, cut by Excel, or nobody's."""
    kinds = rng.choice(list(NUMBERS), len(numbers), p=[n / 1000 for n in NUMBERS.values()])
    result = np.where(kinds == "excel", np.char.add(numbers.astype("U15"), "000"), numbers)
    result = np.where(kinds == "none", "", result).astype("U18")
    for place in np.flatnonzero(np.isin(kinds, ["one_off", "two_off"])):
        digits = list(numbers[place])
        if kinds[place] == "two_off":
            elsewhere = int(rng.integers(0, 17))
            digits[elsewhere] = str((int(digits[elsewhere]) + 3) % 10)
        at = int(rng.integers(0, 17))
        if rng.random() < 0.3 and digits[at] != digits[at + 1]:
            digits[at], digits[at + 1] = digits[at + 1], digits[at]
        else:
            digits[at] = str((int(digits[at]) + int(rng.integers(1, 10))) % 10)
        result[place] = "".join(digits)
    garbage = np.flatnonzero(kinds == "garbage")
    result[garbage] = rng.choice(["无", "不详", "1", "0000"], len(garbage))
    return result
