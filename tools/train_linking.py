"""Train a linking pack on made-up people or firms: writes m and u into its model.json.

python tools/train_linking.py persons            # packs/linking/persons/model.json
Seeds and sizes stand below; the same machine-independent draw gives the same file.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import duckdb  # noqa: E402
from splink import DuckDBAPI, Linker  # noqa: E402

from tests.engines.screening import linking_tables  # noqa: E402

SEED, KNOWN, ASKED = 20_260, 60_000, 30_000
PAIRS = 2e7
# What was never seen among true pairs may happen all the same, once in so many.
RAREST_M = 1e-3
# Below this share nothing can be told from a sample of that size.
RAREST_U = 1e-7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pack", choices=["persons", "firms"])
    name = parser.parse_args().pack
    file = ROOT / "packs/linking" / name / "model.json"
    settings = json.loads(file.read_text("utf-8"))
    for comparison in settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            level.pop("m_probability", None)
            level.pop("u_probability", None)
    # Two people are never one where every row is about a stranger: that is where u is seen.
    linker = _linker(name, settings, strangers=1.0)
    linker.training.estimate_u_using_random_sampling(
        max_pairs=PAIRS, seed=SEED, min_count_per_level=None
    )
    different = linker.misc.save_model_to_json(None)
    linker = _linker(name, settings, strangers=0.0)
    linker.training.estimate_m_from_label_column("truth")
    same = linker.misc.save_model_to_json(None)
    _fill(settings, same, different)
    file.write_text(json.dumps(settings, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _linker(name: str, settings: dict[str, Any], strangers: float) -> Linker:
    connection = duckdb.connect(config={"threads": 1})
    linking_tables.prepared(
        connection, name, known=KNOWN, asked=ASKED, seed=SEED, strangers=strangers
    )
    api = DuckDBAPI(connection)
    tables = [
        api.register(f"{side}_labelled", dataset_display_name=f"{place}_{side}")
        for place, side in (("a", "known"), ("b", "asked"))
    ]
    return Linker(tables, settings)


def _fill(settings: dict[str, Any], same: dict[str, Any], different: dict[str, Any]) -> None:
    """Put shares into the levels; four figures, so that a reader sees what was learned."""
    for ours, ones, others in zip(
        *(each["comparisons"] for each in (settings, same, different)), strict=True
    ):
        for mine, one, other in zip(
            *(each["comparison_levels"] for each in (ours, ones, others)), strict=True
        ):
            if not mine.get("is_null_level"):
                m = max(one.get("m_probability") or 0, RAREST_M)
                u = max(other.get("u_probability") or 0, RAREST_U)
                mine["m_probability"], mine["u_probability"] = float(f"{m:.4g}"), float(f"{u:.4g}")


if __name__ == "__main__":
    main()
