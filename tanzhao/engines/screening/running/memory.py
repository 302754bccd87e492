"""How much of a run's memory DuckDB may have, so that the whole process keeps to the limit.

What DuckDB counts is less than what the process holds: Python and its libraries, Arrow's tables of
results, hits and their sentences, and pages that were freed but not given back. On 94 million
payments and two threads the process held 530 MB more than DuckDB's limit.
"""

import re

# Set aside for all that; of a small limit no more than half, as DuckDB cannot do without any.
BESIDE_DUCKDB = 700_000_000
# With less, DuckDB could not even begin.
LEAST_MEMORY = 64_000_000
_UNITS = {
    "b": 1,
    **{f"{letter}b": 1000**power for power, letter in enumerate("kmgt", 1)},
    **{f"{letter}ib": 1024**power for power, letter in enumerate("kmgt", 1)},
}
_AMOUNT = re.compile(r"\s*(\d{1,15}(?:\.\d{1,15})?)\s*([a-z]+)\s*", re.IGNORECASE)


def limit_of_duckdb(memory: str) -> str:
    """Give DuckDB's share of the memory that a run may hold.

    Args:
        memory: such as "4GB" (4,000,000,000 bytes) or "4GiB" (4,294,967,296).
    Raises: ValueError if it is no amount of memory with its unit, or too little.
    """
    found = _AMOUNT.fullmatch(memory)
    if not found or found[2].lower() not in _UNITS:
        raise ValueError(memory)
    whole = int(float(found[1]) * _UNITS[found[2].lower()])
    if whole < LEAST_MEMORY:
        raise ValueError(memory)
    return f"{whole - min(BESIDE_DUCKDB, whole // 2)}B"
