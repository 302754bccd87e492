"""Working days against the notices of the State Council, months, due dates and colours."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanzhao.kernel.calendar import (
    Clock,
    Colour,
    OutsideCalendar,
    Thresholds,
    WorkCalendar,
    add_months,
    colour,
    days_left,
    is_overdue,
    month_end,
)
from tanzhao.kernel.packs import SHIPPED, read_pack

CALENDAR = WorkCalendar.from_pack(read_pack(SHIPPED / "deadlines" / "holidays-cn", "calendar"))
CLOCK = Clock.from_pack(read_pack(SHIPPED / "deadlines" / "rectification", "clock"))
ONE_DAY = dt.timedelta(days=1)

# Copied a second time from the notices: first and last day of each holiday, then make-up days.
NOTICES = {
    2021: (
        "01-01/01-03 02-11/02-17 04-03/04-05 05-01/05-05 06-12/06-14 09-19/09-21 10-01/10-07",
        "02-07 02-20 04-25 05-08 09-18 09-26 10-09",
    ),
    2022: (
        (
            "01-01/01-03 01-31/02-06 04-03/04-05 04-30/05-04 06-03/06-05 09-10/09-12 "
            "10-01/10-07 12-31/12-31"
        ),
        "01-29 01-30 04-02 04-24 05-07 10-08 10-09",
    ),
    2023: (
        "01-01/01-02 01-21/01-27 04-05/04-05 04-29/05-03 06-22/06-24 09-29/10-06",
        "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
    ),
    2024: (
        "01-01/01-01 02-10/02-17 04-04/04-06 05-01/05-05 06-10/06-10 09-15/09-17 10-01/10-07",
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    ),
    2025: (
        "01-01/01-01 01-28/02-04 04-04/04-06 05-01/05-05 05-31/06-02 10-01/10-08",
        "01-26 02-08 04-27 09-28 10-11",
    ),
    2026: (
        "01-01/01-03 02-15/02-23 04-04/04-06 05-01/05-05 06-19/06-21 09-25/09-27 10-01/10-07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
    # Provisional: 13 statutory days and their substitutes, 2024 text, articles 2 and 6.
    2027: (
        "01-01/01-01 02-05/02-10 04-05/04-05 05-01/05-04 06-09/06-09 09-15/09-15 10-01/10-05",
        "",
    ),
}
WORKING_DAYS = {2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248, 2027: 248}

days = st.dates(dt.date(2021, 1, 1), dt.date(2027, 12, 31))
inner_days = st.dates(dt.date(2022, 1, 1), dt.date(2026, 12, 31))
counts = st.integers(-110, 110)


def _days_of(year):
    day = dt.date(year, 1, 1)
    while day.year == year:
        yield day
        day += ONE_DAY


def _rest(year):
    spans = [span.split("/") for span in NOTICES[year][0].split()]
    ends = [[dt.date.fromisoformat(f"{year}-{end}") for end in span] for span in spans]
    return {day for day in _days_of(year) for first, last in ends if first <= day <= last}


@pytest.mark.parametrize("year", NOTICES)
def test_every_day_of_a_year_is_as_its_notice_says(year):
    worked = {dt.date.fromisoformat(f"{year}-{day}") for day in NOTICES[year][1].split()}

    assert {day for day in CALENDAR.holidays if day.year == year} == _rest(year)
    assert {day for day in CALENDAR.make_up_days if day.year == year} == worked
    expected = {
        day
        for day in _days_of(year)
        if day in worked or (day.weekday() < 5 and day not in _rest(year))
    }
    assert {day for day in _days_of(year) if CALENDAR.is_working_day(day)} == expected
    assert len(expected) == WORKING_DAYS[year]


def test_only_the_year_without_a_notice_is_provisional():
    assert CALENDAR.provisional_years == {2027}
    assert CALENDAR.is_provisional(dt.date(2027, 6, 9))
    assert not CALENDAR.is_provisional(dt.date(2026, 12, 31))


def test_a_day_has_the_name_of_its_holiday_in_both_languages():
    assert CALENDAR.holidays[dt.date(2026, 2, 17)] == ("春节", "Spring Festival")
    assert CALENDAR.make_up_days[dt.date(2026, 2, 28)] == (
        "春节（调休上班）",
        "Spring Festival (make-up day)",
    )


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-09-01", 15, "2026-09-21"),  # across the make-up Sunday of 20 September
        ("2026-09-30", 1, "2026-10-08"),  # across the National Day
        ("2026-10-05", 3, "2026-10-10"),  # the third is a Saturday worked
        ("2026-10-01", 0, "2026-10-08"),
        ("2026-10-10", 0, "2026-10-10"),
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-10-04", -1, "2026-09-30"),
        ("2025-12-31", 1, "2026-01-04"),  # across the year, onto a Sunday worked
    ],
)
def test_working_days_are_counted_from_the_day_after(start, count, end):
    start, end = dt.date.fromisoformat(start), dt.date.fromisoformat(end)

    assert CALENDAR.add_working_days(start, count) == end


@given(day=inner_days, count=counts)
def test_a_count_forward_or_backward_always_ends_on_a_working_day_that_far_away(day, count):
    end = CALENDAR.add_working_days(day, count)

    assert CALENDAR.is_working_day(end)
    if count:
        assert CALENDAR.working_days_between(day, end) == count
    else:
        assert not any(CALENDAR.is_working_day(day + n * ONE_DAY) for n in range((end - day).days))


@given(day=inner_days, one=counts, other=counts)
def test_from_a_working_day_counts_add_up(day, one, other):
    start = CALENDAR.add_working_days(day, 0)

    assert CALENDAR.add_working_days(
        CALENDAR.add_working_days(start, one), other
    ) == CALENDAR.add_working_days(start, one + other)


@given(one=days, other=days)
def test_working_days_between_are_those_counted_one_by_one(one, other):
    start, end = min(one, other), max(one, other)
    span = range((end - start).days)
    after = sum(CALENDAR.is_working_day(start + (n + 1) * ONE_DAY) for n in span)
    before = sum(CALENDAR.is_working_day(start + n * ONE_DAY) for n in span)

    assert CALENDAR.working_days_between(start, end) == after
    assert CALENDAR.working_days_between(end, start) == -before


@pytest.mark.parametrize("day", [dt.date(2020, 12, 31), dt.date(2028, 1, 1)])
def test_a_day_outside_the_known_years_is_refused_and_not_guessed(day):
    for ask in (
        lambda: CALENDAR.is_working_day(day),
        lambda: CALENDAR.add_working_days(day, 0),
        lambda: CALENDAR.working_days_between(day, dt.date(2026, 1, 5)),
        lambda: CALENDAR.working_days_between(dt.date(2026, 1, 5), day),
    ):
        with pytest.raises(OutsideCalendar, match=f"{day} lies outside the years 2021 to 2027"):
            ask()


def test_a_count_that_runs_past_the_known_years_is_refused_and_the_last_one_is_not():
    last_but_one, last = dt.date(2027, 12, 30), dt.date(2027, 12, 31)

    assert CALENDAR.add_working_days(last_but_one, 1) == last
    with pytest.raises(OutsideCalendar) as refusal:
        CALENDAR.add_working_days(last_but_one, 2)
    assert (refusal.value.first_year, refusal.value.last_year) == (2021, 2027)
    with pytest.raises(OutsideCalendar):
        CALENDAR.add_working_days(dt.date(2021, 1, 4), -1)


@pytest.mark.parametrize(
    ("day", "count", "end"),
    [
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-11-23", 6, "2027-05-23"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
    ],
)
def test_months_are_counted_to_the_same_day_or_the_last_of_the_month(day, count, end):
    assert add_months(dt.date.fromisoformat(day), count) == dt.date.fromisoformat(end)


@given(day=days, count=st.integers(-60, 60))
def test_months_move_the_month_by_the_count_and_never_the_day_but_to_the_end(day, count):
    end = add_months(day, count)

    assert (end.year - day.year) * 12 + end.month - day.month == count
    assert end.day == day.day or (end.day < day.day and (end + ONE_DAY).day == 1)


def test_a_month_ends_on_its_last_day():
    assert [month_end(2024, 2), month_end(2026, 2), month_end(2026, 12)] == [
        dt.date(2024, 2, 29),
        dt.date(2026, 2, 28),
        dt.date(2026, 12, 31),
    ]


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (21, Colour.NONE),
        (20, Colour.GREEN),
        (11, Colour.GREEN),
        (10, Colour.YELLOW),
        (0, Colour.YELLOW),
        (-1, Colour.RED),
        (-900, Colour.RED),
    ],
)
def test_the_colour_changes_at_twenty_and_ten_days_and_when_the_due_date_is_over(left, expected):
    today = dt.date(2026, 11, 23)
    due = today + left * ONE_DAY

    assert colour(due, today, CLOCK.thresholds) is expected
    assert days_left(due, today) == left
    assert is_overdue(due, today) is (expected is Colour.RED)


@given(today=days, left=st.integers(-400, 400))
def test_a_colour_never_gets_milder_as_time_goes_by(today, left):
    order = [Colour.NONE, Colour.GREEN, Colour.YELLOW, Colour.RED]
    thresholds = Thresholds(green_from=30, yellow_from=7, red_below=3)
    due = today + left * ONE_DAY

    now, tomorrow = (colour(due, day, thresholds) for day in (today, today + ONE_DAY))

    assert order.index(tomorrow) >= order.index(now)


@pytest.mark.parametrize(
    ("code", "feedback", "due"),
    [
        ("plan", "2026-09-01", "2026-09-21"),
        ("meeting", "2026-08-31", "2026-09-30"),
        ("concentrated", "2026-08-31", "2027-02-28"),
        ("progress_report", "2026-08-31", "2027-02-28"),
        ("assessment", "2026-08-31", "2027-03-28"),
    ],
)
def test_the_clock_of_rectification_runs_from_the_feedback(code, feedback, due):
    counted = CLOCK.due(code, dt.date.fromisoformat(feedback), CALENDAR)

    assert counted == dt.date.fromisoformat(due)


def test_each_colour_tells_the_people_of_its_letter():
    assert CLOCK.tells == {
        Colour.GREEN: ("owner",),
        Colour.YELLOW: ("owner", "leader_in_charge"),
        Colour.RED: ("unit", "principal"),
    }
