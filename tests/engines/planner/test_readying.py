"""What `./run` compiles at set-up is all that planning a term compiles."""

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

from numba.core.dispatcher import Dispatcher

from tanzhao.engines.planner import readying, term

ROOT = Path(__file__).parents[3]


def _kernels():
    """The kernels called from Python: those that other kernels take in have no code of theirs."""
    for found in pkgutil.iter_modules(term.__path__):
        module = importlib.import_module(f"{term.__name__}.{found.name}")
        source = Path(module.__file__).read_text(encoding="utf-8")
        for name, kernel in vars(module).items():
            if not isinstance(kernel, Dispatcher) or kernel.py_func.__module__ != module.__name__:
                continue
            if f"@inlined\ndef {name}(" not in source:
                yield f"{found.name}.{name}", kernel


def test_every_kernel_called_from_python_is_compiled_beforehand():
    readying.compile_kernels()

    # Called by kernels only, or by tests.
    from_elsewhere = {"contents_seeking.packs", "seats.price_one"}
    compiled = {name: bool(kernel.signatures) for name, kernel in _kernels()}
    assert len(compiled) > len(from_elsewhere) + 4
    assert {name for name, is_ready in compiled.items() if not is_ready} <= from_elsewhere


def test_what_was_compiled_is_kept_for_the_next_process():
    code = (
        "from tanzhao.engines.planner import readying; readying.compile_kernels();"
        "from tanzhao.engines.planner.term.exchanging import exchange;"
        "print(sum(exchange.stats.cache_hits.values()), sum(exchange.stats.cache_misses.values()))"
    )
    readying.compile_kernels()

    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert answer.stdout.split() == ["1", "0"]
