"""Reading packs, and refusing bad ones with a sentence that names file and key."""

import pytest

from tanzhao.kernel.packs import BadPack, packs_of_kind, read_pack

HEADER = """
version = "2026.1"
title_zh = "测试"
title_en = "Test"
source = "测试"
"""
VOCABULARY = 'kind = "vocabulary"' + HEADER
TERMS = (
    "code,parent,label_zh,label_en,synonyms\nfirst,,甲,First,一|壹\nfirst.second,first,乙,Second,\n"
)
CALENDAR = f"""kind = "calendar"{HEADER}
[[years]]
year = 2024
document = "通知"
provisional = false
[[years]]
year = 2025
document = "通知"
provisional = true
"""
DAYS = (
    "date,name_zh,name_en,kind\n2024-02-04,春节,Spring,workday\n2025-01-01,元旦,New Year,holiday\n"
)
CLOCK = f"""kind = "clock"{HEADER}
[[spans]]
code = "plan"
label_zh = "方案"
label_en = "Plan"
from = "feedback"
count = 15
unit = "working_day"
basis = "手册"
[colours]
unit = "calendar_day"
green_from = 20
yellow_from = 10
red_below = 0
green_tells = ["owner"]
yellow_tells = ["owner"]
red_tells = ["unit"]
basis = "手册"
"""
RECUSAL = f"""kind = "recusal"{HEADER}
look_back_years = 3
[[rules]]
code = "own_workplace"
severity = "refuse"
waivable = true
title_zh = "现单位"
title_en = "Own workplace"
basis = "规定"
"""
HEADINGS = f"""kind = "headings"{HEADER}
identity = [["name"]]
alike = ["name"]
[fields.name]
type = "unit"
required = true
label_zh = "名称"
label_en = "Name"
headings = ["单位名称"]
"""


def _pack(folder, toml, **tables):
    folder.mkdir(parents=True)
    (folder / "pack.toml").write_text(toml, encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_a_pack_gives_its_header_its_body_and_its_tables(tmp_path):
    folder = _pack(tmp_path / "words", VOCABULARY, terms="\ufeff" + TERMS)

    pack = read_pack(folder, "vocabulary")

    assert (pack.name, pack.kind, pack.version) == ("words", "vocabulary", "2026.1")
    assert (pack.title_zh, pack.title_en, pack.source) == ("测试", "Test", "测试")
    assert dict(pack.body) == {}
    assert pack.table("terms.csv") == [
        {"code": "first", "parent": "", "label_zh": "甲", "label_en": "First", "synonyms": "一|壹"},
        {
            "code": "first.second",
            "parent": "first",
            "label_zh": "乙",
            "label_en": "Second",
            "synonyms": "",
        },
    ]


def test_packs_of_a_kind_are_found_however_deep_and_in_the_order_of_names(tmp_path):
    _pack(tmp_path / "b" / "deep" / "alpha", VOCABULARY, terms=TERMS)
    _pack(tmp_path / "a" / "beta", VOCABULARY, terms=TERMS)
    _pack(tmp_path / "other", RECUSAL)

    assert [pack.name for pack in packs_of_kind("vocabulary", tmp_path)] == ["alpha", "beta"]
    assert [pack.name for pack in packs_of_kind("recusal", tmp_path)] == ["other"]
    assert packs_of_kind("frame", tmp_path) == []


def test_two_packs_of_one_kind_and_name_are_refused(tmp_path):
    _pack(tmp_path / "a" / "words", VOCABULARY, terms=TERMS)
    _pack(tmp_path / "b" / "words", VOCABULARY, terms=TERMS)

    with pytest.raises(BadPack, match="same name and kind"):
        packs_of_kind("vocabulary", tmp_path)


@pytest.mark.parametrize(
    ("kind", "good", "wrong", "tables", "fault"),
    [
        ("vocabulary", "", "", {}, r"terms\.csv: cannot be read"),
        ("frame", "", "", {"terms": TERMS}, "kind is 'vocabulary' but 'frame' was asked for"),
        ("vocabulary", 'source = "测试"', "", {"terms": TERMS}, "source is missing"),
        ("vocabulary", "title_zh", "titel_zh", {"terms": TERMS}, "titel_zh is not a key"),
        ("vocabulary", '"测试"', '"Test"', {"terms": TERMS}, "title_zh must be text in Chinese"),
        ("vocabulary", '"Test"', '"测试"', {"terms": TERMS}, "title_en must be text in English"),
        ("vocabulary", '"2026.1"', '"new"', {"terms": TERMS}, "version is 'new' but must be"),
        ("vocabulary", '"2026.1"', "2026.1", {"terms": TERMS}, "version must be text"),
        ("vocabulary", "= ", "", {"terms": TERMS}, "is not TOML in UTF-8"),
    ],
)
def test_a_bad_pack_is_refused_by_a_sentence_that_names_file_and_key(
    tmp_path, kind, good, wrong, tables, fault
):
    folder = _pack(tmp_path / "words", VOCABULARY.replace(good, wrong), **tables)

    with pytest.raises(BadPack, match=fault) as refusal:
        read_pack(folder, kind)

    assert str(folder) in str(refusal.value)
    assert str(refusal.value).endswith(".")


def test_a_kind_without_a_schema_and_a_folder_without_a_pack_are_refused(tmp_path):
    folder = _pack(tmp_path / "words", VOCABULARY.replace("vocabulary", "recipe"))

    with pytest.raises(BadPack, match="kind 'recipe' is unknown; known are calendar"):
        read_pack(folder, "recipe")
    with pytest.raises(BadPack, match=r"nowhere.pack\.toml: cannot be read"):
        read_pack(tmp_path / "nowhere", "vocabulary")


@pytest.mark.parametrize(
    ("good", "wrong", "fault"),
    [
        ("label_en,", "label,", r"column label_en is missing; column label is not known"),
        ("first.second,first", "first,", "row 3: code first stands twice"),
        (",first,乙", ",third,乙", "row 3: parent third does not stand above"),
        ("first.second", "First Second", "row 3, column code is 'First Second' but must be"),
        ("乙,Second", "乙,第二", "row 3, column label_en must be text in English"),
        ("一|壹", "一|乙", "乙 stands for more than one term"),
        ("乙,Second,", "乙,Second,,", "row 3 has 6 cells, not 5"),
        (",一", ',"一', "is not CSV"),
        (TERMS, "", "has no heading"),
    ],
)
def test_a_bad_table_is_refused_by_row_and_column(tmp_path, good, wrong, fault):
    right = _pack(tmp_path / "right", VOCABULARY, terms=TERMS)
    bad = _pack(tmp_path / "bad", VOCABULARY, terms=TERMS.replace(good, wrong))

    assert read_pack(right, "vocabulary")
    with pytest.raises(BadPack, match=fault):
        read_pack(bad, "vocabulary")


@pytest.mark.parametrize(
    ("good", "wrong", "fault"),
    [
        ("2024-02-04", "2024-02-05", "row 2: 2024-02-05 is a weekday and worked anyway"),
        ("2024-02-04", "2026-02-07", "in the order of its dates"),
        ("2025-01-01", "2027-01-01", "row 3: 2027-01-01 is in none of the years"),
        ("2025-01-01", "2025-02-30", "column date is '2025-02-30' but must be a date"),
        ("2025-01-01", "20250101", "column date is '20250101' but must be a date"),
        ("holiday", "rest", "column kind is 'rest' but must be one of: holiday, workday"),
    ],
)
def test_a_calendar_with_an_impossible_day_is_refused(tmp_path, good, wrong, fault):
    right = _pack(tmp_path / "right", CALENDAR, days=DAYS)
    bad = _pack(tmp_path / "bad", CALENDAR, days=DAYS.replace(good, wrong))

    assert read_pack(right, "calendar")
    with pytest.raises(BadPack, match=fault):
        read_pack(bad, "calendar")


@pytest.mark.parametrize(
    ("kind", "toml", "good", "wrong", "fault"),
    [
        ("calendar", CALENDAR, "2025", "2026", "years must follow one another"),
        ("calendar", CALENDAR, "= true", '= "no"', r"years\[2\]\.provisional must be true or"),
        ("clock", CLOCK, '"feedback"', '"nowhere"', r"spans\[1\]\.from is 'nowhere'"),
        ("clock", CLOCK, "count = 15", "count = 0", r"spans\[1\]\.count is 0 but must be from 1"),
        ("clock", CLOCK, "count = 15", "count = true", "count must be a whole number"),
        ("clock", CLOCK, "working_day", "fortnight", "unit is 'fortnight' but must be one of"),
        ("clock", CLOCK, "green_from = 20", "green_from = 10", "green_from must be above"),
        ("clock", CLOCK, '["unit"]', "[]", r"colours\.red_tells must have at least 1"),
        ("recusal", RECUSAL, "look_back_years = 3", "", "look_back_years is missing"),
        ("recusal", RECUSAL, '"refuse"', '"forbid"', r"rules\[1\]\.severity is 'forbid'"),
        ("recusal", RECUSAL, "[[rules]]", "[rules]", "rules must be a list"),
        ("headings", HEADINGS, '["单位名称"]', "[]", r"fields\.name\.headings must have at least"),
        ("headings", HEADINGS, "required = true", "", "none of them is required"),
        ("headings", HEADINGS, '[["name"]]', '[["nickname"]]', "names nickname, which is no field"),
    ],
)
def test_a_body_that_breaks_its_schema_is_refused(tmp_path, kind, toml, good, wrong, fault):
    right = _pack(tmp_path / "right", toml, days=DAYS)
    bad = _pack(tmp_path / "bad", toml.replace(good, wrong), days=DAYS)

    assert read_pack(right, kind)
    with pytest.raises(BadPack, match=fault):
        read_pack(bad, kind)


def test_a_rule_that_stands_twice_is_refused(tmp_path):
    rule = RECUSAL[RECUSAL.index("[[rules]]") :]
    folder = _pack(tmp_path / "twice", RECUSAL + rule)

    with pytest.raises(BadPack, match="rules: code own_workplace stands twice"):
        read_pack(folder, "recusal")


def test_a_table_is_never_read_from_outside_the_folder_of_the_pack(tmp_path):
    folder = _pack(tmp_path / "words", VOCABULARY, terms=TERMS)
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")

    with pytest.raises(BadPack, match=r"words.secret\.csv: cannot be read"):
        read_pack(folder, "vocabulary").table("../secret.csv")
