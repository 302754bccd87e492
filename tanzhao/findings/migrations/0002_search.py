"""The index of pairs of characters behind the search of the register. Written by hand: keep it.

SQLite: a full-text table, kept by triggers, because its own tokenizers know no Chinese words.
PostgreSQL: an index over the stored pairs. A later migration that rebuilds the table of findings
on SQLite loses the triggers, and must make them again: tests/findings/test_search.py would tell.
"""

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE findings_search USING fts5(finding_id UNINDEXED, pairs, detail=none)",
    "INSERT INTO findings_search (finding_id, pairs) SELECT id, pairs FROM findings_finding",
    """CREATE TRIGGER findings_search_added AFTER INSERT ON findings_finding BEGIN
         INSERT INTO findings_search (finding_id, pairs) VALUES (new.id, new.pairs);
       END""",
    """CREATE TRIGGER findings_search_changed AFTER UPDATE OF pairs ON findings_finding
       WHEN old.pairs IS NOT new.pairs BEGIN
         DELETE FROM findings_search WHERE finding_id = old.id;
         INSERT INTO findings_search (finding_id, pairs) VALUES (new.id, new.pairs);
       END""",
    """CREATE TRIGGER findings_search_removed AFTER DELETE ON findings_finding BEGIN
         DELETE FROM findings_search WHERE finding_id = old.id;
       END""",
)
POSTGRESQL = (
    "CREATE INDEX findings_search ON findings_finding USING gin (string_to_array(pairs, ' '))",
)
UNDO = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS findings_search_added",
        "DROP TRIGGER IF EXISTS findings_search_changed",
        "DROP TRIGGER IF EXISTS findings_search_removed",
        "DROP TABLE IF EXISTS findings_search",
    ),
    "postgresql": ("DROP INDEX IF EXISTS findings_search",),
}


def make(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def undo(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("findings", "0001_initial")]
    operations = [migrations.RunPython(make, undo)]
