"""`tanzhao plan` as an operator uses it: processes of its own, files in and out, two languages."""

import ast
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tanzhao.config.cli.main import main
from tanzhao.config.cli.plan_files import WANTED
from tests.engines.planner.generator import term_instance
from tests.engines.planner.impossible import impossible_term
from tests.engines.planner.judge import check_teams, check_term
from tests.engines.planner.teams_generator import teams_instance

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "tanzhao.config.cli", "plan"]


def environment(lang="zh_CN.UTF-8"):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TANZHAO_", "DJANGO_"))}
    return kept | {"LANG": lang, "LC_ALL": lang, "PYTHONIOENCODING": "utf-8"}


def tanzhao_plan(*words, lang="zh_CN.UTF-8"):
    return subprocess.run(
        [*COMMAND, *map(str, words)],
        cwd=ROOT, env=environment(lang), capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.fixture
def write(tmp_path):
    def keep(name, document):
        file = tmp_path / name
        file.write_text(json.dumps(document), "utf-8")
        return file

    return keep


@pytest.fixture
def term(write):
    """A term of 40 units, and a plan of it that breaks no rule."""
    document, visits = term_instance(4, units=40, utilisation=0.8)
    return document, write("term.json", document), write("planted.json", {"visits": visits})


@pytest.fixture
def teams(write):
    document, made = teams_instance(4, teams=3)
    return document, write("teams.json", document), write("composed.json", {"teams": made})


def test_a_term_is_planned_into_a_file_and_the_rounds_are_shown(term, tmp_path):
    document, instance, _planted = term
    out = tmp_path / "plan.json"

    done = tanzhao_plan("term", instance, "--steps", 0, "--out", out, lang="en_US.UTF-8")

    plan = json.loads(out.read_text("utf-8"))
    bad, cost = check_term(document, plan)
    assert (done.returncode, done.stderr, bad) == (0, "", [])
    assert plan["cost"] == cost["total"]
    assert 0 < plan["bound"] <= plan["cost"]
    assert {"seconds", "steps", "stopped", "memory_mb"} <= plan.keys()
    assert f"cost {plan['cost']:,}" in done.stdout
    assert "of 40 units" in done.stdout


def test_the_same_seed_and_steps_give_the_same_plan(term):
    _document, instance, _planted = term

    first, second = (
        json.loads(tanzhao_plan("term", instance, "--steps", 0, "--json").stdout) for _ in "ab"
    )

    assert first["visits"] == second["visits"]
    assert first["bound"] == second["bound"]


def test_what_finds_no_place_is_said_in_words_and_the_exit_code_is_1(write, tmp_path):
    document, _visits = term_instance(4, units=40, utilisation=0.8)
    instance = write("impossible.json", impossible_term(document, "deadline"))
    out = tmp_path / "plan.json"

    done = tanzhao_plan("term", instance, "--seconds", 5, "--out", out)

    plan = json.loads(out.read_text("utf-8"))
    assert (done.returncode, done.stderr) == (1, "")
    assert plan["unplaced"]
    assert plan["conflict"]
    for said in [*plan["conflict"], *(one["why"] for one in plan["unplaced"])]:
        assert said in done.stdout
        assert not said.isascii()


def test_teams_are_composed_and_judged(teams, tmp_path):
    document, instance, _planted = teams
    out = tmp_path / "plan.json"

    done = tanzhao_plan("teams", instance, "--seconds", 5, "--out", out)
    judged = tanzhao_plan("check", instance, out, "--json")

    plan = json.loads(out.read_text("utf-8"))
    bad, cost = check_teams(document, plan)
    assert (done.returncode, done.stderr, bad) == (0, "", [])
    assert (judged.returncode, json.loads(judged.stdout)) == (
        0,
        {"violations": 0, "first": [], "cost": cost},
    )


@pytest.mark.parametrize("kind", ["term", "teams"])
def test_a_plan_is_judged_as_the_outside_judge_does(kind, request, write):
    document, instance, planted = request.getfixturevalue(kind)
    spoilt = json.loads(planted.read_text("utf-8"))
    spoilt["visits" if kind == "term" else "teams"].pop()

    good = tanzhao_plan("check", instance, planted, "--json")
    bad = tanzhao_plan("check", instance, write("spoilt.json", spoilt), "--json")
    said = tanzhao_plan("check", instance, write("spoilt.json", spoilt))

    broken, cost = (check_term if kind == "term" else check_teams)(document, spoilt)
    told = json.loads(bad.stdout)
    assert (good.returncode, bad.returncode, said.returncode) == (0, 1, 1)
    assert json.loads(good.stdout)["violations"] == 0
    assert (told["violations"], told["cost"]) == (len(broken), cost)
    assert told["first"][0] in said.stdout


def _is_waited_for(number, process):
    """Say whether a process holds a signal back, as a search does that waits for one."""
    status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    (blocked,) = [line.split()[1] for line in status.splitlines() if line.startswith("SigBlk")]
    assert process.poll() is None, "the search has ended by itself"
    return bool(int(blocked, 16) >> (number - 1) & 1)


@pytest.mark.parametrize("kind", ["term", "teams"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_search_that_is_stopped_hands_over_the_best_so_far_and_says_so(kind, number, tmp_path):
    sample = {"term": "term-mid-1.json", "teams": "teams-prefecture-1.json"}[kind]
    instance = ROOT / "packs/samples/planner" / sample
    out = tmp_path / "plan.json"
    words = [*COMMAND, kind, str(instance), "--seconds", "600", "--out", str(out)]

    with subprocess.Popen(
        words, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as search:
        while not _is_waited_for(signal.SIGTERM, search):
            time.sleep(0.1)
        time.sleep(2)  # in the midst of the search
        search.send_signal(number)
        said, errors = search.communicate(timeout=120)

    plan = json.loads(out.read_text("utf-8"))
    document = json.loads(instance.read_text("utf-8"))
    bad = (check_term if kind == "term" else check_teams)(document, plan)[0]
    assert plan["stopped"] is True
    assert "提前停止" in said.decode()
    assert errors == b""
    assert search.returncode == (1 if plan.get("unplaced") or plan.get("breaks") else 0)
    assert bad == [] or search.returncode == 1


def test_a_pinned_visit_moves_alone_and_the_changed_instance_is_kept(term, write, tmp_path):
    document, instance, planted = term
    visits = json.loads(planted.read_text("utf-8"))["visits"]
    free = [unit for unit in document["units"] if unit["visits"] == 1 and not unit["fixed"]]
    at = {visit["unit"]: visit["round"] for visit in visits}
    changes = {"changes": [{"change": "pinned", "unit": free[0]["id"], "round": at[free[0]["id"]]}]}
    out, after = tmp_path / "new.json", tmp_path / "after.json"

    done = tanzhao_plan(
        "replan", instance, planted, write("changes.json", changes),
        "--out", out, "--instance-out", after,
    )  # fmt: skip
    wrong = write("wrong.json", {"changes": [{"change": "pinned", "unit": 4000, "round": 1}]})
    refused = tanzhao_plan("replan", instance, planted, wrong)

    plan, changed = (json.loads(file.read_text("utf-8")) for file in (out, after))
    assert (done.returncode, done.stderr) == (0, "")
    assert (plan["moved"], plan["fewest"]) == ([], 0)
    assert check_term(changed, plan)[0] == []
    assert changed["units"][free[0]["id"]]["fixed"] == {"0": at[free[0]["id"]]}
    assert (refused.returncode, refused.stdout) == (1, "")
    assert len(refused.stderr.splitlines()) == 1


def test_somebody_ill_is_replaced_and_the_reason_is_said(teams, write, tmp_path):
    _document, instance, planted = teams
    team = json.loads(planted.read_text("utf-8"))["teams"][0]
    ill = team["members"][0]
    changes = write("changes.json", {"changes": [{"change": "person_gone", "person": ill}]})
    out, after = tmp_path / "new.json", tmp_path / "after.json"

    done = tanzhao_plan(
        "replan", instance, planted, changes, "--seconds", 10, "--out", out, "--instance-out", after
    )

    plan, changed = (json.loads(file.read_text("utf-8")) for file in (out, after))
    assert (done.returncode, done.stderr) == (0, "")
    assert check_teams(changed, plan)[0] == []
    (seat,) = (seat for seat in plan["changed"] if seat["out"] == ill)
    assert len(plan["changed"]) == plan["fewest"]
    assert seat["why"][0] in done.stdout
    assert ill not in changed["available"]


def test_questions_are_answered_in_words(term, teams):
    document, instance, planted = term
    unit = next(unit for unit in document["units"] if not unit["fixed"])["id"]
    _round, composed = teams[1:]
    team = json.loads(composed.read_text("utf-8"))["teams"][0]

    why = tanzhao_plan("explain", instance, planted, "--unit", unit, "--json")
    person = tanzhao_plan(
        "explain", teams[1], composed, "--person", team["leader"], "--team", team["id"], "--json"
    )
    nobody = tanzhao_plan("explain", instance, planted, "--unit", 4000)
    nothing = tanzhao_plan("explain", instance)

    answer = json.loads(why.stdout)
    assert (why.returncode, person.returncode) == (0, 0)
    assert {option["round"] for option in answer["options"]} < set(range(15))
    assert all(option["why"] or option["possible"] for option in answer["options"])
    assert answer["reasons"]
    assert json.loads(person.stdout)["reasons"]
    assert [(d.returncode, d.stdout) for d in (nobody, nothing)] == [(1, ""), (1, "")]


def test_progress_is_shown_on_a_terminal_and_nowhere_else(teams):
    _document, instance, _planted = teams
    ours, theirs = pty.openpty()

    with subprocess.Popen(
        [*COMMAND, "teams", str(instance), "--seconds", "3"],
        cwd=ROOT, env=environment("en_US.UTF-8") | {"TERM": "xterm"},
        stdout=subprocess.DEVNULL, stderr=theirs,
    ) as shown:  # fmt: skip
        os.close(theirs)
        seen = _all_of(ours)
    quiet = tanzhao_plan("teams", instance, "--seconds", 3)

    assert shown.returncode == 0
    assert "s of processor time" in seen
    assert "proven bound" in seen
    assert quiet.stderr == ""


def _all_of(descriptor):
    seen = b""
    while True:
        try:
            piece = os.read(descriptor, 4096)
        except OSError:  # the other end was closed
            return seen.decode("utf-8", "replace")
        if not piece:
            return seen.decode("utf-8", "replace")
        seen += piece


def test_files_that_cannot_be_used_are_refused_in_one_sentence(
    term, teams, write, tmp_path, monkeypatch, capsys
):
    document, instance, planted = term
    wrong = {**document, "units": [{**document["units"][0], "effort": "much"}]}
    short = {key: value for key, value in document.items() if key != "gap_min"}
    garbage, binary = tmp_path / "garbage.json", tmp_path / "binary.json"
    garbage.write_text('{"kind": ', "utf-8")
    binary.write_bytes(b"\xff\xfe\x00")
    cases = {
        ("term", tmp_path / "nowhere.json"): "nowhere.json",
        ("term", garbage): "garbage.json",
        ("term", binary): "binary.json",
        ("term", write("wrong.json", wrong)): "units[0].effort",
        ("term", write("short.json", short)): "instance.gap_min",
        ("term", write("list.json", [1])): "list.json",
        ("term", write("kind.json", {"kind": "C"})): "kind.json",
        ("term", teams[1]): "teams.json",
        ("teams", instance): "term.json",
        ("check", instance, instance): "plan.visits",
        ("check", instance, tmp_path): tmp_path.name,
        ("term", instance, "--steps", 0, "--out", tmp_path / "no" / "plan.json"): "plan.json",
    }

    for words, named in cases.items():
        told = {}
        for lang in ("zh_CN.UTF-8", "en_US.UTF-8"):
            monkeypatch.setenv("LC_ALL", lang)
            code = main(["plan", *map(str, words)])
            told[lang[:2]] = capsys.readouterr()
            assert (code, told[lang[:2]].out) == (1, ""), words

        assert named in told["zh"].err, words
        assert len(told["en"].err.splitlines()) == 1, told["en"].err
        assert told["en"].err != told["zh"].err
    assert planted.exists()


@pytest.mark.parametrize(
    "words", [("term",), ("term", "x", "--seconds", "-1"), ("term", "x", "--steps", "many"), ()]
)
def test_wrong_use_exits_with_2(words):
    assert tanzhao_plan(*words).returncode == 2


def test_all_that_the_engines_may_want_can_be_said_in_chinese():
    said = set()
    for file in (ROOT / "tanzhao/engines/planner").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func).rpartition(".")[2]
            places = {"wrong": 1, "BadInstance": 1, "BadChange": 1, "_pairs": 2}
            if name in places and len(node.args) > places[name]:
                said.add(ast.unparse(node.args[places[name]]))

    # Where a reader is handed the sentence, it is named at the call.
    assert said - {"MISSING", "wanted"} == {repr(wanted) for wanted in WANTED}
