"""Runs `python -m tanzhao.config.cli`."""

import os
import sys

from tanzhao.config.cli.main import main

try:
    code = main(sys.argv[1:])
    sys.stdout.flush()
except BrokenPipeError:
    # Whoever reads what is printed, such as `head`, has seen enough. Python flushes at its end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    code = 1
sys.exit(code)
