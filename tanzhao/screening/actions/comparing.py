"""Making an approved comparison, and keeping the hits that its rules gave."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from itertools import batched
from typing import Any
from uuid import UUID

from django.urls import reverse

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.actions import Outcome, carry_out_reading
from tanzhao.documents.models import Run
from tanzhao.engines.screening.store import Store, open_store
from tanzhao.kernel.locking import locked
from tanzhao.notices.actions import tell
from tanzhao.notices.states import NoticeKind
from tanzhao.screening import room
from tanzhao.screening.actions.loading import build_store
from tanzhao.screening.linking import linked_copy
from tanzhao.screening.models import Comparison, DataSet, EvidenceRow, Hit, Sighting
from tanzhao.screening.placing import names_of, place_of
from tanzhao.screening.running import Made, run_rules
from tanzhao.screening.states import ComparisonState
from tanzhao.screening.watching import Watch
from tanzhao.units.models import Unit

AT_ONCE = 500
FROM_THE_RUN = (
    *("rule", "rule_version", "risk", "basis", "weight", "amount_cents", "first_date"),
    *("last_date", "why_zh", "why_en", "key", "facts"),
)


def carry_out_comparison(
    *, run_id: UUID, stopwatch: Callable[[], float], clock: Callable[[], datetime]
) -> None:
    """Make the comparison that a run asks for. Doing it twice makes it once.

    Args:
        stopwatch: seconds, for telling the page how far it is. clock: the time at the end.
    """
    key = Run.objects.get(pk=run_id).subject_id
    carry_out_reading(
        run_id=run_id,
        read=partial(_compare, stopwatch=stopwatch, clock=clock),
        clock=clock,
        go_back=reverse("screening:comparison", args=[key]),
    )


def _compare(
    run: Run, *, stopwatch: Callable[[], float], clock: Callable[[], datetime]
) -> Callable[[], Outcome]:
    """Do what takes long: bring the data sets together and run the rules. Changes no row."""
    assert run.subject_id is not None  # noqa: S101  _ask_for_comparing names the comparison
    comparison = Comparison.objects.get(pk=run.subject_id)
    watch = Watch(run.pk, stopwatch)
    store = store_of_comparison(comparison, watch)
    workshop = room.workshop(run.pk)
    try:
        if comparison.takes_links:
            store = linked_copy(store, workshop / "linked")
        out = workshop / "out"
        links = comparison.takes_links
        made = run_rules(store, comparison.rules, out, watch=watch, links=links)
    finally:
        room.clear(workshop)
    return partial(_keep, comparison.pk, made, run.started_by, clock)


def store_of_comparison(comparison: Comparison, watch: Watch) -> Store:
    """Open the store of the data sets of `comparison`; build it if they never met before."""
    data_sets = list(comparison.data_sets.prefetch_related("files__file"))
    place = room.store_of(one.number for one in data_sets)
    if not room.is_there(place):
        workshop = room.workshop(f"{comparison.pk}-together")
        build_store(
            data_sets,
            workshop / "store",
            purpose=comparison.purpose,
            basis=comparison.legal_basis,
            watch=watch,
        )
        (workshop / "store").rename(place)
        room.clear(workshop)
    return open_store(place)


def _keep(comparison_id: UUID, made: Made, actor: User, clock: Callable[[], datetime]) -> Outcome:
    comparison = locked(Comparison.objects.select_related("requested_by"), comparison_id)
    at = clock()
    amount = _keep_hits(comparison, made, at)
    comparison.state = ComparisonState.DONE
    comparison.finished_at = at
    comparison.fingerprint = made.fingerprint
    comparison.results, comparison.profiles = dict(made.results), dict(made.profiles)
    comparison.hits_found, comparison.amount_cents = len(made.hits), amount
    comparison.save()
    record(
        verb=Verb.COMPARISON_MADE,
        actor=actor,
        target=comparison,
        at=at,
        hits=comparison.hits_found,
        fingerprint=made.fingerprint,
        results=comparison.results,
    )
    address = reverse("screening:comparison", args=[comparison_id])
    tell(
        to=[comparison.requested_by],
        kind=NoticeKind.COMPARISON_MADE,
        values={"number": comparison.number, "count": comparison.hits_found},
        address=address,
        key=f"comparison-made-{comparison_id}-{at.isoformat()}",
        at=at,
    )
    return Outcome(result={"next": address})


def _keep_hits(comparison: Comparison, made: Made, at: datetime) -> int:
    """Keep the hits of a run, those found before with what people answered; give their amount."""
    data_sets = {one.number: one for one in comparison.data_sets.all()}
    places = {
        row["hit_id"]: place_of(row, made.evidence.get(row["hit_id"], ())) for row in made.hits
    }
    names = {name for place in set(places.values()) for name in names_of(place)}
    units = {unit.name: unit for unit in Unit.objects.filter(name__in=names, retired=False)}
    comparison.sightings.all().delete()
    for rows in batched(made.hits, AT_ONCE):
        hits = [_hit_of(comparison, row, places[row["hit_id"]], units, at) for row in rows]
        keys = _written(hits)
        sightings = {
            hit.hit_id: Sighting(
                comparison=comparison,
                hit_id=keys[hit.hit_id],
                amount_cents=hit.amount_cents,
                evidence_rows=made.rows[hit.hit_id],
            )
            for hit in hits
        }
        Sighting.objects.bulk_create(sightings.values())
        EvidenceRow.objects.bulk_create(
            (
                row
                for hit_id, sighting in sightings.items()
                for row in _evidence_rows(sighting, made.evidence.get(hit_id, ()), data_sets)
            ),
            batch_size=AT_ONCE,
        )
    return sum(row["amount_cents"] or 0 for row in made.hits)


def _hit_of(
    comparison: Comparison,
    row: Mapping[str, Any],
    place: str,
    units: Mapping[str, Unit],
    at: datetime,
) -> Hit:
    return Hit(
        hit_id=row["hit_id"],
        found_at=at,
        place=place,
        unit=next((units[name] for name in names_of(place) if name in units), None),
        latest=comparison,
        rows_deleted_at=None,
        **{name: row[name] for name in FROM_THE_RUN},
    )


def _written(hits: list[Hit]) -> dict[str, UUID]:
    """Write hits: new ones as they are, of known ones what the run says; give their keys."""
    Hit.objects.bulk_create(
        hits,
        update_conflicts=True,
        unique_fields=["hit_id"],
        update_fields=[*FROM_THE_RUN, "place", "unit", "latest", "rows_deleted_at"],
    )
    names = [hit.hit_id for hit in hits]
    return dict(Hit.objects.filter(hit_id__in=names).values_list("hit_id", "pk"))


def _evidence_rows(
    sighting: Sighting, rows: Iterable[Mapping[str, Any]], data_sets: Mapping[int, DataSet]
) -> Iterable[EvidenceRow]:
    for position, row in enumerate(rows, 1):
        number = room.data_set_number(row["file"])
        yield EvidenceRow(
            sighting=sighting,
            position=position,
            role=row["role"],
            data_set=data_sets.get(number) if number is not None else None,
            table=row["table"],
            file=room.own_name(row["file"]),
            sheet=row["sheet"],
            row_number=row["row_number"],
            headings=list(row["cells"]),
            cells=list(row["cells"].values()),
        )
