"""Made-up firms, and rows about them as clerks mistype them; seeded. None of them is real."""

from dataclasses import dataclass

import numpy as np

from tests.engines.screening.linking_people import TOWNSHIPS, _mistyped, people

PLACES = "老河口市 谷城县 丹江口市 襄阳市樊城区 湖北省老河口市 十堰市"
CORES = "恒发鑫宏兴盛达源通顺泰和丰瑞祥金诚信德利民华安美佳乐康隆昌茂荣富贵永新联众创辉腾飞远景天"
TRADES = (
    "商贸 建筑工程 劳务 农业发展 种植 养殖 建材 物流 装饰 广告 餐饮 百货 农机 园林绿化 "
    "物业 电子 汽修 水利"
)
FORMS = "有限公司 有限责任公司 经营部 农民专业合作社"
ROADS = "人民路 解放路 汉江路 航空路 胜利路 中山路 秋丰路 光化大道"
# Of 1 000 rows: the place is left out, the legal form is another or none, one character is
# written by its sound or wrongly.
NO_PLACE, OTHER_FORM = 120, 150
HAS = {"address": 400, "legal_person": 700}
WRONG = {"address": 30, "legal_person": 30}


@dataclass(frozen=True)
class Firms:
    """Columns of equal length; for rows "" where a cell is blank."""

    name: np.ndarray
    address: np.ndarray
    legal_person: np.ndarray


def firms(size: int, seed: int) -> Firms:
    """Make firms; some share their name but for the place, as they may."""
    rng = np.random.default_rng(seed)
    place, core, trade, form = _parts(size, rng)
    township = rng.choice(np.array(TOWNSHIPS.split()), size)
    road = rng.choice(np.array(ROADS.split()), size)
    number = rng.integers(1, 400, size).astype("U4")
    address = _joined(place, township, np.full(size, "镇"), road, number, np.full(size, "号"))
    return Firms(_joined(place, core, trade, form), address, people(size, seed + 7).name)


def rows_about(
    known: Firms, size: int, seed: int, strangers: float = 0.4
) -> tuple[Firms, np.ndarray]:
    """Make rows, and give for each the place of its firm, -1 for strangers."""
    rng = np.random.default_rng(seed)
    others = firms(max(10, len(known.name) // 3), seed + 1)
    strange = rng.random(size) < strangers
    firm = rng.integers(0, len(known.name), size)
    other = rng.integers(0, len(others.name), size)
    right = {
        field: np.where(strange, getattr(others, field)[other], getattr(known, field)[firm])
        for field in ("name", "address", "legal_person")
    }
    cells = {"name": _written(right["name"], rng)}
    for field, share in HAS.items():
        wrong = rng.random(size) * 1000 < WRONG[field]
        value = np.where(wrong, rng.permutation(right[field]), right[field])
        value = _mistyped(value.astype("U40"), np.full(size, ""), rng)
        cells[field] = np.where(rng.random(size) * 1000 < share, value, "")
    return Firms(**cells), np.where(strange, -1, firm)


def _parts(size: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    cores = np.array(list(CORES))
    core = np.char.add(rng.choice(cores, size), rng.choice(cores, size))
    return (
        rng.choice(np.array(PLACES.split()), size),
        core,
        rng.choice(np.array(TRADES.split()), size),
        rng.choice(np.array(FORMS.split()), size, p=[0.6, 0.2, 0.1, 0.1]),
    )


def _written(names: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    forms = [next(form for form in FORMS.split() if name.endswith(form)) for name in names.tolist()]
    stems = [name.removesuffix(form) for name, form in zip(names.tolist(), forms, strict=True)]
    typed = _mistyped(np.array(stems, dtype="U40"), np.full(len(stems), ""), rng).tolist()
    result = [stem + form for stem, form in zip(typed, forms, strict=True)]
    draws = rng.random((2, len(result))) * 1000
    for number, name in enumerate(result):
        if draws[0][number] < NO_PLACE:
            for place in sorted(PLACES.split(), key=len, reverse=True):
                name = name.removeprefix(place)
        if draws[1][number] < OTHER_FORM:
            name = name.removesuffix("有限责任公司").removesuffix("有限公司")
            name += ("有限公司", "公司", "")[number % 3]
        result[number] = name
    return np.array(result)


def _joined(*parts: np.ndarray) -> np.ndarray:
    whole = parts[0]
    for part in parts[1:]:
        whole = np.char.add(whole, part)
    return whole
