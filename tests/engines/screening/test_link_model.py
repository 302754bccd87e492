"""Linking packs hang together, and no weight gets a link round what is kept to."""

import json
import shutil
from dataclasses import replace

import duckdb
import pytest

from tanzhao.engines.screening.linking.choosing import choose
from tanzhao.engines.screening.linking.explaining import explain
from tanzhao.engines.screening.linking.model import BadModel, Part, read_model
from tanzhao.engines.screening.linking.preparing import prepare
from tanzhao.engines.screening.linking.scoring import score
from tests.engines.screening import linking_tables

PACKS = linking_tables.PACKS / "linking"


def chosen(model, *pairs, known=10):
    """Choose among hand-made pairs: (asked, key, level by comparison)."""
    compared = model.comparisons
    rarities = [f"rarity_{c.code}" for c in compared if c.has_rarity]
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE known AS SELECT k AS record, k AS key FROM range(99) t(k)")
        connection.execute(
            "CREATE TABLE pairs(known_record INTEGER, asked_record INTEGER, "
            + ", ".join(f"{column} INTEGER" for column in [*(c.code for c in compared), *rarities])
            + ")"
        )
        rows = []
        for asked, key, levels in pairs:
            reached = [c.level(levels[c.code]).place if c.code in levels else -1 for c in compared]
            rows.append(f"({', '.join(map(str, [key, asked, *reached, *[0] * len(rarities)]))})")
        connection.execute(f"INSERT INTO pairs VALUES {', '.join(rows)}")
        choose(connection, model, known)
        return connection.execute("SELECT asked_record, key, basis, outcome FROM chosen").fetchall()


@pytest.mark.parametrize("pack", ["persons", "firms"])
def test_a_name_alone_is_never_linked_however_little_a_link_must_weigh(pack):
    model = replace(read_model(PACKS / pack), least_weight=-99_999)
    (name,) = [c for c in model.comparisons if c.part == Part.NAME]
    facts = [(c, level) for c in model.comparisons if c.part == Part.FACT for level in c.levels]
    disagreeing = {c.code: c.levels[-1].code for c in model.comparisons}

    pairs, expected = [], []
    for written in name.levels:
        alone = disagreeing | {name.code: written.code}
        for fact, level in [(name, written), *facts]:
            pairs.append((len(pairs), 7, alone | {fact.code: level.code}))
            outcome = "linked" if fact is not name and level.agrees else "name_alone"
            basis = 1 if level.one_digit_off and written.agrees else 2
            expected.append((basis, outcome if written.agrees else "unlike"))

    assert [row[2:] for row in chosen(model, *pairs)] == expected
    assert {"linked", "name_alone", "unlike"} == {outcome for _basis, outcome in expected}


def test_two_candidates_within_the_margin_are_left_and_two_records_of_one_are_not():
    model = linking_tables.persons_model()
    levels = {"name": "same", "household": "same", "village": "same_here"}
    worse = {"name": "same", "household": "same", "village": "other"}

    assert chosen(model, (1, 7, levels), (1, 8, levels))[0][3] == "ambiguous"
    assert chosen(model, (1, 7, worse), (1, 8, levels)) == [(1, 8, 2, "linked")]
    assert chosen(model, (1, 7, levels), (1, 7, levels)) == [(1, 7, 2, "linked")]
    assert chosen(replace(model, least_weight=99_999), (1, 7, levels)) == []


@pytest.mark.parametrize("pack", ["persons", "firms"])
def test_every_level_of_a_pack_can_be_explained(pack):
    model = read_model(PACKS / pack)

    for comparison in model.comparisons:
        for level in comparison.levels:
            said = f"{comparison.code}={level.code}"
            begun, line = explain(model, said, f"beginning=-900 {comparison.code}={level.weight}")
            assert (begun.weight, line.weight) == (-900, level.weight)
            assert (line.label_zh, line.level_zh) == (comparison.label_zh, level.label_zh)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda m: m["comparisons"].pop(), "compare different things"),
        (lambda m: m["comparisons"][0]["comparison_levels"].pop(1), "other levels"),
        (lambda m: m["comparisons"][0]["comparison_levels"][1].pop("m_probability"), "shares of"),
        (
            lambda m: m["comparisons"][0]["comparison_levels"][1].update(
                m["comparisons"][0]["comparison_levels"][2]
                | {
                    "label_for_charts": m["comparisons"][0]["comparison_levels"][1][
                        "label_for_charts"
                    ]
                }
            ),
            "weigh nothing, or the same",
        ),
    ],
)
def test_a_pack_that_contradicts_itself_is_refused(tmp_path, change, sentence):
    folder = shutil.copytree(PACKS / "persons", tmp_path / "persons")
    settings = json.loads((folder / "model.json").read_text("utf-8"))
    change(settings)
    (folder / "model.json").write_text(json.dumps(settings), "utf-8")

    with pytest.raises(BadModel, match=sentence):
        read_model(folder)


def test_mistyped_names_are_found_and_strangers_are_not():
    model = linking_tables.persons_model()
    with duckdb.connect(config={"threads": 1}) as connection:
        truth = linking_tables.people_into(connection, known=3000, asked=800, seed=11)
        connection.execute("ALTER TABLE known ADD COLUMN key INTEGER")
        connection.execute("UPDATE known SET key = record")
        known, asked = prepare(connection, model, linking_tables.chinese_speller())
        score(connection, model, known=known, asked=asked)
        choose(connection, model, 3000)
        links = connection.execute(
            "SELECT asked_record, key FROM chosen WHERE outcome = 'linked'"
        ).fetchall()

    right = sum(truth[row - 1] == record for row, record in links)
    assert right / len(links) > 0.98
    assert right / (truth > 0).sum() > 0.9
