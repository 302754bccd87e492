"""Finding Chinese words in findings, by an index of pairs of characters on either database."""

from django.db.models import Q

from tanzhao.findings.models import Finding
from tanzhao.kernel.words import bigrams
from tanzhao.units.models import Unit


def saying(word: str) -> Q:
    """Say which findings have `word` in their title, their fact or the name of their unit.

    Case is ignored. A word of one character is looked for without the index.
    """
    said = Q(fact__icontains=word) | Q(title__icontains=word)
    pairs = bigrams(word)
    if pairs:
        # The index names those that may say it; the texts decide.
        said &= Q(pairs__has_all=pairs)
    units = Unit.objects.filter(name__icontains=word).order_by()
    findings = Finding.objects.order_by()
    by_text = findings.filter(said).values("pk")
    # A union and not an "or", with which PostgreSQL would use neither index.
    return Q(pk__in=by_text.union(findings.filter(unit__in=units.values("pk")).values("pk")))
