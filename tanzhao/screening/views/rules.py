"""The rules there are, how often each proved right, and what one asks and cannot see."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.screening.forms_rules import GROUPS
from tanzhao.screening.queries.examples import example_of
from tanzhao.screening.queries.hits import RuleFigures, figures_by_rule
from tanzhao.screening.rulebook import rulebook, table_label
from tanzhao.screening.views.tabs import tabs


@require_safe
@requires(Action.COMPARISON_SEE)
def rules(request: SignedInRequest) -> HttpResponse:
    """Show the rules by what they are about, each with what became of its hits."""
    figures = figures_by_rule(request.user)
    groups: dict[str, list[object]] = {}
    for rule in rulebook().values():
        line = (rule, figures.get(rule.name), [table_label(name) for name in rule.tables])
        groups.setdefault(rule.group, []).append(line)
    context = {
        "tabs": tabs(request.user, "rules"),
        "groups": [(GROUPS[name], lines) for name, lines in groups.items()],
        "count": len(rulebook()),
        "may_write": request.user.holds(Action.RULE_WRITE),
    }
    return render(request, "screening/rules.html", context)


@require_safe
@requires(Action.COMPARISON_SEE)
def rule(request: SignedInRequest, name: str) -> HttpResponse:
    """Show what one rule asks, by which law, what it cannot see, and how to verify its hits."""
    found = rulebook().get(name)
    if found is None:
        raise Http404
    context = {
        "rule": found,
        "texts": {part: found.text(part) for part in ("purpose", "basis", "blind", "verify")},
        "tables": [table_label(one) for one in found.tables],
        "thresholds": [(one, one.shown(one.default)) for one in found.thresholds],
        "figures": figures_by_rule(request.user).get(name, RuleFigures()),
        "example": example_of(found),
        "sql": found.sql,
        "may_write": request.user.holds(Action.RULE_WRITE),
    }
    return render(request, "screening/rule.html", context)
