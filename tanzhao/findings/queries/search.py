"""Finding Chinese words in findings, by an index of pairs of characters on either database."""

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from tanzhao.kernel.words import bigrams
from tanzhao.units.models import Unit

# Values go in as parameters; the tables are made by migration 0002.
_SQLITE = (
    "findings_finding.id IN (SELECT finding_id FROM findings_search WHERE findings_search MATCH %s)"
)
_POSTGRESQL = "string_to_array(findings_finding.pairs, ' ') @> %s::text[]"


def saying(word: str) -> Q:
    """Say which findings have `word` in their title, their fact or the name of their unit.

    Case is ignored. A word of one character is looked for without the index.
    """
    said = Q(fact__icontains=word) | Q(title__icontains=word)
    pairs = bigrams(word)
    if pairs:
        # The index names those that may say it; the texts decide.
        said &= Q(_has_all(pairs))
    return said | Q(unit__in=Unit.objects.filter(name__icontains=word).values("pk"))


def _has_all(pairs: list[str]) -> RawSQL:
    if connection.vendor == "postgresql":
        return RawSQL(_POSTGRESQL, [pairs], output_field=BooleanField())  # noqa: S611
    wanted = " ".join(f'"{pair}"' for pair in pairs)
    return RawSQL(_SQLITE, [wanted], output_field=BooleanField())  # noqa: S611
