"""Runs `python -m tanzhao.config.cli`."""

import sys

from tanzhao.config.cli.main import main

sys.exit(main(sys.argv[1:]))
