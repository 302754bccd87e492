import datetime as dt

import pytest
from django.db import connection, transaction

from tanzhao.audit.models import Entry, Head
from tanzhao.audit.trail import record, verify_trail
from tanzhao.audit.verbs import Verb
from tests.factories import NOON, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail():
    actor, target = UserFactory(), UnitFactory()
    for n in range(1, 7):
        with transaction.atomic():
            at = NOON + dt.timedelta(minutes=n, microseconds=n)
            record(verb=Verb.PAPER_SEEN, actor=actor, target=target, at=at, n=n, why="查阅")
    return target


def _sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_the_trail_is_whole_as_the_program_wrote_it(trail):
    assert verify_trail() == (6, [])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_name", "别人"),
        ("verb", "paper.approved"),
        ("target_name", "别的单位"),
        ("details", '{"n": 4, "why": "路过"}'),
        ("at", "2026-07-01 12:09:00+00:00"),
        ("scope_id", "11111111111111111111111111111111"),
        ("hash", "0" * 64),
    ],
)
def test_a_changed_entry_is_found_where_it_stands(trail, column, value):
    _sql(f"UPDATE audit_entry SET {column} = %s WHERE position = 4", value)

    _, breaks = verify_trail()

    assert breaks[0].position in {4, 5}
    assert 4 in {found.position for found in breaks} or column == "hash"


def test_a_removed_entry_is_found(trail):
    _sql("DELETE FROM audit_entry WHERE position = 3")

    _, breaks = verify_trail()

    assert [found.position for found in breaks] == [3]


def test_a_removed_end_is_found(trail):
    _sql("DELETE FROM audit_entry WHERE position >= 5")

    _, breaks = verify_trail()

    assert [found.position for found in breaks] == [6]


def test_an_inserted_entry_is_found(trail):
    last = Entry.objects.get(position=6)
    last.position, last.previous_hash, last.verb = 7, last.hash, "paper.approved"
    last.save(force_insert=True)

    _, breaks = verify_trail()

    assert {found.position for found in breaks} == {6, 7}


def test_two_entries_that_changed_places_are_found(trail):
    _sql("UPDATE audit_entry SET position = 99 WHERE position = 2")
    _sql("UPDATE audit_entry SET position = 2 WHERE position = 3")
    _sql("UPDATE audit_entry SET position = 3 WHERE position = 99")

    _, breaks = verify_trail()

    assert {found.position for found in breaks} >= {2, 3}


def test_a_chain_written_anew_in_the_database_lacks_our_seal(trail, settings):
    settings.TRAIL_KEY = "what somebody with only the database has to guess"
    rows = list(Entry.objects.order_by("position"))
    actor = rows[0].actor
    Entry.objects.all().delete()
    Head.objects.all().delete()
    for row in rows[:-1]:
        with transaction.atomic():
            record(verb=Verb.PAPER_SEEN, actor=actor, target=trail, at=row.at, n=0)
    assert verify_trail() == (5, [])

    settings.TRAIL_KEY = "only for tests"

    _, breaks = verify_trail()
    assert [found.position for found in breaks] == [5]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction():
    user = UserFactory()

    with pytest.raises(RuntimeError):
        record(verb=Verb.SIGNED_IN, actor=user, target=user, at=NOON)
