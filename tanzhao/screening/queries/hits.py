"""The list of hits: filter, order, figures; and how often a rule proved right."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When

from tanzhao.access.models import User
from tanzhao.inspections.models import Engagement
from tanzhao.inspections.states import RoundState
from tanzhao.screening.models import Comparison, Hit, Verification
from tanzhao.screening.models.hits import CURRENT
from tanzhao.screening.queries.secrets import why_of
from tanzhao.screening.rulebook import title_of
from tanzhao.screening.states import TRUE, HitState, Risk

CENTS = 100
FEWEST_FOR_A_SHARE = 10
# Every order ends on what no two hits share, and no part of it may be null.
ORDERS: dict[str, tuple[str, ...]] = {
    "amount": ("-amount_cents", "pk"),
    "found": ("-found_at", "pk"),
    "rule": ("rule", "-amount_cents", "pk"),
    "risk": ("risk_rank", "-amount_cents", "pk"),
    "place": ("place", "-amount_cents", "pk"),
    "state": ("state", "outcome", "-amount_cents", "pk"),
}
DEFAULT_ORDER = "amount"
_RANKS = {Risk.HIGH: 0, Risk.MEDIUM: 1, Risk.LOW: 2}
AT_WORK = (RoundState.AUTHORISED, RoundState.IN_FIELD, RoundState.REPORTING)


@dataclass(frozen=True)
class Asked:
    """What a reader asked of the list. What is empty asks nothing. `least` in yuan."""

    rule: str = ""
    state: str = ""
    outcome: str = ""
    risk: str = ""
    place: str = ""
    least: int | None = None
    comparison: UUID | None = None
    engagement: UUID | None = None

    def condition(self) -> Q:
        """Say which hits were asked for."""
        exact: dict[str, Any] = {
            "rule": self.rule,
            "state": self.state,
            "outcome": self.outcome,
            "risk": self.risk,
            "sightings__comparison": self.comparison,
            "engagement": self.engagement,
        }
        condition = Q(**{name: value for name, value in exact.items() if value not in ("", None)})
        if self.place:
            condition &= Q(place__icontains=self.place) | Q(unit__name__icontains=self.place)
        if self.least is not None:
            condition &= Q(amount_cents__gte=self.least * CENTS)
        return condition

    def as_details(self) -> dict[str, str]:
        """Give what was asked as plain text, for the trail."""
        return {name: str(value) for name, value in vars(self).items() if value not in ("", None)}


@dataclass(frozen=True)
class Figures:
    """How many hits were found, of how many the reader may know; how far they are. In cents."""

    found: int
    total: int
    amount_cents: int
    open: int
    proposed: int
    decided: int
    true: int


def asked_hits(user: User, asked: Asked) -> QuerySet[Hit]:
    """Give the hits that were asked for, among those `user` may know of."""
    ranks = [When(risk=risk, then=Value(rank)) for risk, rank in _RANKS.items()]
    visible = Hit.objects.visible_to(user).filter(asked.condition())
    return visible.annotate(
        risk_rank=Case(*ranks, default=Value(9), output_field=IntegerField())
    ).select_related("unit", "latest", "engagement__unit", "engagement__team")


def figures(user: User, asked: Asked) -> Figures:
    """Count what was found and what the reader may know of, in at most two queries."""
    visible = Hit.objects.visible_to(user).order_by()
    counted = visible.filter(asked.condition()).aggregate(
        found=Count("pk"),
        amount_cents=Sum("amount_cents", default=0),
        open=_count(HitState.OPEN),
        proposed=_count(HitState.PROPOSED),
        decided=_count(HitState.DECIDED),
        true=_TRUE_COUNT,
    )
    total = counted["found"] if asked == Asked() else visible.count()
    return Figures(total=total, **counted)


def _count(state: HitState) -> Count:
    return Count("pk", filter=Q(state=state))


_TRUE_COUNT = Count("pk", filter=Q(state=HitState.DECIDED, outcome__in=sorted(TRUE)))


@dataclass(frozen=True)
class RuleFigures:
    """What became of the hits of one rule, of all its versions. A rate is never told without
    `verified`, the number of hits it is drawn from."""

    hits: int = 0
    amount_cents: int = 0
    open: int = 0
    verified: int = 0
    true: int = 0

    @property
    def share(self) -> int | None:
        """Of the verified hits, how many in a hundred were true. None of a handful: a percentage
        of three would say more than is known."""
        if self.verified < FEWEST_FOR_A_SHARE:
            return None
        return round(100 * self.true / self.verified)


def figures_by_rule(user: User, asked: Asked | None = None) -> Mapping[str, RuleFigures]:
    """Count the hits of each rule among those `user` may know of, in one query."""
    visible = Hit.objects.visible_to(user).order_by()
    if asked is not None:
        visible = visible.filter(asked.condition())
    rows: Iterable[Mapping[str, Any]] = visible.values("rule").annotate(
        hits=Count("pk"),
        amount_cents=Sum("amount_cents", default=0),
        open=Count("pk", filter=~Q(state=HitState.DECIDED)),
        verified=_count(HitState.DECIDED),
        true=_TRUE_COUNT,
    )
    names = RuleFigures.__dataclass_fields__
    return {row["rule"]: RuleFigures(**{name: row[name] for name in names}) for row in rows}


def order_of(name: str) -> tuple[str, ...]:
    """Give the fields of an order: a name of ORDERS, "-" before it to run backwards."""
    fields = ORDERS.get(name.removeprefix("-"), ORDERS[DEFAULT_ORDER])
    if not name.startswith("-"):
        return fields
    return tuple(f.removeprefix("-") if f.startswith("-") else f"-{f}" for f in fields)


def current_verification(hit: Hit) -> Verification | None:
    """Give the answer to `hit` that stands or waits for a second person, if there is one."""
    return hit.verifications.filter(state__in=CURRENT).select_related("proposed_by").first()


def hit_rows(hits: QuerySet[Hit]) -> Iterator[list[Any]]:
    """Give the cells of each hit, as the list shows them; numbers stay masked."""
    for hit in hits.iterator(chunk_size=2000):
        yield [
            title_of(hit.rule),
            hit.get_risk_display(),
            why_of(hit),
            hit.place,
            hit.amount_cents / CENTS if hit.amount_cents else "",
            hit.first_date,
            hit.last_date,
            hit.get_basis_display(),
            hit.get_state_display(),
            hit.get_outcome_display() if hit.outcome else "",
            str(hit.engagement.unit) if hit.engagement else "",
            hit.hit_id,
        ]


def comparisons_seen(user: User) -> QuerySet[Comparison]:
    """Give the comparisons by which hits can be filtered."""
    return Comparison.objects.visible_to(user).filter(finished_at__isnull=False)


def rules_seen(user: User) -> list[tuple[str, str]]:
    """Give the rules that gave hits `user` may know of, with their titles."""
    names = Hit.objects.visible_to(user).order_by("rule").values_list("rule", flat=True).distinct()
    return [(name, title_of(name)) for name in names]


def engagements_to_assign(user: User) -> QuerySet[Engagement]:
    """Give the units under inspection to whose teams hits can be given."""
    visible = Engagement.objects.visible_to(user).filter(round__state__in=AT_WORK)
    return visible.select_related("unit", "team", "round__term").order_by(
        "-round__number", "team__number", "unit__position", "unit__name"
    )
