"""Only actions change stored rows (decision 3): nothing else calls what writes to the database."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
WRITES = {
    *("save", "create", "get_or_create", "update_or_create", "delete"),
    *("bulk_create", "bulk_update", "execute", "executemany"),
}
# Not under actions, and why it may be.
EXEMPT = {
    "tanzhao/audit/trail.py": "the trail is written by record(), which every action calls",
    "tanzhao/documents/official/rendering.py": "saves a Word file in memory, no row",
    "tanzhao/kernel/turns.py": "takes a lock of PostgreSQL, changes no row",
    "tanzhao/web/management/commands/worker.py": "hands work of a killed worker out again",
    "tanzhao/web/sample/files.py": "draws pictures and PDFs in memory, no row",
}


def _may_write(path):
    # Engines know no row of ours; what screening executes is a store of its own.
    if path.parts[1] == "engines":
        return True
    return path.name == "actions.py" or "actions" in path.parts or "migrations" in path.parts


def _writes(source):
    """Give the lines that call something that writes.

    A dictionary or a digest is updated with one plain argument, rows with named ones alone.
    """
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        of_rows = node.func.attr == "update" and node.keywords and not node.args
        if node.func.attr in WRITES or of_rows:
            lines.append(node.lineno)
    return lines


FILES = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for path in (ROOT / "tanzhao").rglob("*.py")
    if not _may_write(path.relative_to(ROOT))
}


def test_nothing_but_actions_and_migrations_writes():
    found = {
        name: lines
        for name, source in FILES.items()
        if name not in EXEMPT and (lines := _writes(source))
    }

    assert found == {}


@pytest.mark.parametrize("name", sorted(EXEMPT))
def test_every_exemption_is_still_needed(name):
    assert _writes(FILES[name])


@pytest.mark.parametrize(
    ("source", "is_write"),
    [
        ("paper.save(update_fields=['state'])", True),
        ("Finding.objects.bulk_create(rows)", True),
        ("items.filter(pk=key).update(state='closed')", True),
        ("item.delete()", True),
        ("counts.update({'new': 1})", False),
        ("digest.update(chunk)", False),
    ],
)
def test_the_search_knows_a_write_when_it_sees_one(source, is_write):
    assert bool(_writes(source)) is is_write
