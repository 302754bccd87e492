"""Engines are pure: they run where Django is not, and load solvers only when a search begins."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGINES = ROOT / "tanzhao/engines"
FILES = sorted(ENGINES.rglob("*.py"))
HEAVY = {
    "numpy", "ortools", "highspy", "pandas", "scipy", "duckdb", "polars", "pyarrow", "splink",
    "fastexcel", "pyspark", "numba", "pypdfium2", "rapidocr", "onnxruntime",
}  # fmt: skip
# What a web process or a command may load before a search begins.
LIGHT = {
    "__init__", "problem", "exchange", "exchange_changes", "checking", "reasons", "codes",
    "search", "fields", "changes", "replanning_changes", "tables", "store", "rules", "hits",
}  # fmt: skip
# The clock, the environment, files, the network and chance are handed in or not used.
FORBIDDEN = {
    "time", "datetime", "os", "pathlib", "socket", "urllib", "http", "subprocess", "secrets",
    "uuid", "locale", "io", "tempfile", "getpass", "platform",
}  # fmt: skip


def module_of(file):
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


# Screening and likeness read and write folders whose paths they are given, and hold days.
OF_FILES = {
    "screening": {"datetime", "pathlib", "tempfile", "io"},
    # Compiled kernels are kept beside their package.
    "compiling.py": {"pathlib"},
    # A file that came from outside is read in a child process.
    "likeness": {"pathlib", "tempfile", "io", "subprocess"},
}


MODULES = [module_of(file) for file in FILES]
# Questions can be asked without a solver; only answering loads one.
LIGHT_MODULES = [
    *(module_of(file) for file in FILES if file.stem in LIGHT),
    "tanzhao.engines.planner.explaining",
    *(f"tanzhao.engines.likeness.{name}" for name in ("texts", "settings", "known")),
    "tanzhao.engines.likeness.extract",
]


def fresh(code):
    """Run `code` in a new interpreter, and give what it prints."""
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.split()


def imports_of(file):
    """Give (line, module) for every import of `file`, those for the type checker apart."""
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or ""


def test_every_engine_is_imported_where_django_cannot_be():
    # None in sys.modules makes an import fail, as it would where Django is not installed.
    fresh(
        "import sys, importlib\n"
        "sys.modules['django'] = sys.modules['ninja'] = None\n"
        f"for name in {MODULES!r}: importlib.import_module(name)\n"
    )

    assert "tanzhao.engines.planner" in MODULES


def test_light_modules_load_no_solver():
    loaded = fresh(
        "import sys, importlib\n"
        f"for name in {LIGHT_MODULES!r}: importlib.import_module(name)\n"
        "print(*{name.split('.')[0] for name in sys.modules})\n"
    )

    assert {"tanzhao.engines.planner", "tanzhao.engines.planner.term.checking"} <= set(
        LIGHT_MODULES
    )
    assert HEAVY & set(loaded) == set()


@pytest.mark.parametrize("module", ["wsgi", "urls", "cli.main"])
def test_a_web_process_and_the_commands_load_no_solver(module):
    loaded = fresh(
        "import os, sys, importlib\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'tanzhao.config.settings.test'\n"
        "import django; django.setup()\n"
        f"importlib.import_module('tanzhao.config.{module}')\n"
        # Addresses are resolved, and commands added, upon the first request.
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "from tanzhao.config.cli.main import _parser; _parser()\n"
        "print(*{name.split('.')[0] for name in sys.modules})\n"
    )

    assert HEAVY & set(loaded) == set()
    assert "django" in loaded


def test_both_solvers_solve_in_one_process():
    """highspy 1.15.1 beside ortools 9.15 breaks here; see the pins in pyproject.toml."""
    solvers = (
        # Each of the two loads its own copy of HiGHS; the order of the imports must not matter.
        "def with_cp_sat():\n"
        "    from ortools.sat.python import cp_model\n"
        "    model = cp_model.CpModel(); x = model.new_int_var(0, 9, 'x')\n"
        "    model.add(2 * x <= 11); model.maximize(x)\n"
        "    solver = cp_model.CpSolver(); solver.solve(model); return int(solver.value(x))\n"
        "def with_highs():\n"
        "    import highspy\n"
        "    highs = highspy.Highs(); highs.silent()\n"
        "    x = highs.addIntegral(0, 9); highs.addConstr(2 * x <= 11); highs.maximize(x)\n"
        "    return round(highs.getObjectiveValue())\n"
        "def with_linear_solver():\n"
        "    from ortools.linear_solver import pywraplp\n"
        "    return pywraplp.Solver.CreateSolver('GLOP') is not None\n"
    )
    for order in (
        "with_cp_sat(), with_highs(), with_cp_sat()",
        "with_highs(), with_cp_sat(), with_highs()",
        "with_linear_solver(), with_highs(), with_cp_sat()",
    ):
        assert set(fresh(f"{solvers}print(*({order}))")) <= {"5", "True"}


def test_engines_use_neither_clock_nor_environment_nor_files_nor_network():
    breaches = [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for file in FILES
        for line, name in imports_of(file)
        if name.split(".")[0] in FORBIDDEN - OF_FILES.get(file.relative_to(ENGINES).parts[0], set())
    ]

    assert breaches == []


def test_engines_never_ask_what_day_it_is():
    breaches = [
        f"{file.relative_to(ROOT)}:{node.lineno} {node.attr}"
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"}
    ]

    assert breaches == []


def test_engines_draw_by_lot_only_with_a_seed():
    breaches = []
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) in {
                "random", "np.random", "numpy.random",
            }:  # fmt: skip
                breaches += _unless_seeded(file, node)
            if isinstance(node, ast.ImportFrom) and node.module == "random":
                names = {alias.name for alias in node.names}
                breaches += [f"{file.name}:{node.lineno} {name}" for name in names - {"Random"}]
            if isinstance(node, ast.Call) and _is_maker(node.func) and not node.args:
                breaches.append(f"{file.name}:{node.lineno} has no seed")

    assert breaches == []


def _unless_seeded(file, node):
    return [] if node.attr in {"Random", "default_rng", "Generator"} else [
        f"{file.name}:{node.lineno} {ast.unparse(node)}"
    ]  # fmt: skip


def _is_maker(function):
    return ast.unparse(function) in {
        "random.Random", "Random", "np.random.default_rng", "numpy.random.default_rng",
    }  # fmt: skip


def test_engines_print_nothing():
    breaches = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "open", "input"}
    ]

    assert breaches == []


def test_the_import_contract_names_every_feature():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (engines,) = [
        c for c in contracts["contracts"] if c.get("source_modules") == ["tanzhao.engines"]
    ]

    features = {f"tanzhao.{file.parent.name}" for file in (ROOT / "tanzhao").glob("*/__init__.py")}
    assert set(engines["forbidden_modules"]) == (features - {"tanzhao.engines"}) | {"django"}
