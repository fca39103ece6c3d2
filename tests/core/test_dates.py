from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.dates import (
    MONTH_NAMES,
    WEEKDAY_NAMES,
    Direction,
    Month,
    Span,
    format_short,
    format_us,
    parse_birth_date,
    parse_clock_time,
    parse_date,
    period_of,
)
from casemgr.errors import ParseError

TODAY = date(2026, 10, 21)
"""A Wednesday."""

todays = st.dates(date(1950, 1, 1), date(2090, 12, 31))
directions: st.SearchStrategy[Direction] = st.sampled_from(["past", "future"])


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-10-21", TODAY),
        ("2026-9-1", date(2026, 9, 1)),
        ("2026-10-21 00:00:00", TODAY),
        ("10/21/2026 0:00", TODAY),
        ("10/21", TODAY),
        ("10/22", date(2025, 10, 22)),
        ("9/1/26", date(2026, 9, 1)),
        ("9-1-2026", date(2026, 9, 1)),
        ("09.01.2026", date(2026, 9, 1)),
        ("1/5/62", date(2062, 1, 5)),
        ("Sep 1, 2026", date(2026, 9, 1)),
        ("Sept. 1 2026", date(2026, 9, 1)),
        ("SEPTEMBER 1st", date(2026, 9, 1)),
        ("1 Sep 2026", date(2026, 9, 1)),
        ("1-Sep-26", date(2026, 9, 1)),
        ("dec 24", date(2025, 12, 24)),
        ("2/29", date(2024, 2, 29)),
        ("today", TODAY),
        (" Yesterday ", date(2026, 10, 20)),
        ("tomorrow", date(2026, 10, 22)),
        ("wed", TODAY),
        ("thu", date(2026, 10, 15)),
        ("Monday", date(2026, 10, 19)),
        ("mon 10/19", date(2026, 10, 19)),
        ("Mon, Oct 19, 2026", date(2026, 10, 19)),
        ("3 days ago", date(2026, 10, 18)),
        ("a week ago", date(2026, 10, 14)),
        ("1 month ago", date(2026, 9, 21)),
        ("in 2 weeks", date(2026, 11, 4)),
    ],
)
def test_a_date_of_work_lies_in_the_past_unless_it_says_otherwise(written: str, day: date) -> None:
    assert parse_date(written, TODAY) == day


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("10/21", TODAY),
        ("10/20", date(2027, 10, 20)),
        ("10/26", date(2026, 10, 26)),
        ("Oct 26", date(2026, 10, 26)),
        ("2/29", date(2028, 2, 29)),
        ("tomorrow", date(2026, 10, 22)),
        ("wed", date(2026, 10, 28)),
        ("thurs", date(2026, 10, 22)),
        ("mon 10/26", date(2026, 10, 26)),
        ("+3d", date(2026, 10, 24)),
        ("3d", date(2026, 10, 24)),
        ("2w", date(2026, 11, 4)),
        ("in 2 weeks", date(2026, 11, 4)),
        ("in a week", date(2026, 10, 28)),
        ("in 4 months", date(2027, 2, 21)),
    ],
)
def test_a_date_to_do_something_by_lies_in_the_future(written: str, day: date) -> None:
    assert parse_date(written, TODAY, "future") == day


def test_a_month_from_its_last_day_is_the_next_ones_last_day() -> None:
    assert parse_date("in 1 month", date(2027, 1, 31), "future") == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("written", "because"),
    [
        ("", "no date"),
        ("2/30", "February has no day 30"),
        ("2/29/2027", "February 2027 has no day 29"),
        ("9/31/26", "September has no day 31"),
        ("13/45/26", "no month 13"),
        ("31/10/2026", "the month comes first"),
        ("0026-10-01", "no date"),
        ("tue 10/19", "10/19/2026 is a Monday, not a Tuesday"),
        ("15-20", "no date"),
        ("1.5", "no date"),
        ("next friday", "no date"),
        ("Sep 2026", "no date"),
        ("soon", "no date"),
        ("2w", "no date"),
        ("10/21/026", "no date"),
        ("9/1-2026", "no date"),
    ],
)
def test_what_is_no_day_of_the_calendar_is_refused_with_its_reason(written: str, because: str) -> None:
    with pytest.raises(ParseError, match=because):
        parse_date(written, TODAY)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), todays, directions)
def test_every_spelling_of_the_same_day_agrees(day: date, today: date, prefer: Direction) -> None:
    month = MONTH_NAMES[day.month - 1]
    for written in (
        day.isoformat(),
        format_us(day),
        f"{day.month:02}-{day.day:02}-{day.year}",
        f"{day.month}/{day.day}/{day.year % 100:02}",
        f"{month} {day.day}, {day.year}",
        f"{day.day} {month[:3].upper()} {day.year}",
        f"{WEEKDAY_NAMES[day.weekday()]} {format_us(day)}",
    ):
        assert parse_date(written, today, prefer) == day


@given(st.dates(date(2000, 1, 1), date(2000, 12, 31)), todays)
def test_a_day_without_its_year_is_the_nearest_in_its_direction(day: date, today: date) -> None:
    past = parse_date(f"{day.month}/{day.day}", today)
    future = parse_date(f"{day.month}/{day.day}", today, "future")
    assert past <= today <= future
    assert (past == today) == (future == today)
    assert {(past.month, past.day), (future.month, future.day)} == {(day.month, day.day)}
    longest = 366 if (day.month, day.day) != (2, 29) else 4 * 366
    assert (today - past).days < longest
    assert (future - today).days < longest


@given(st.sampled_from(WEEKDAY_NAMES), todays)
def test_a_weekday_is_within_the_last_or_the_next_seven_days(name: str, today: date) -> None:
    past, future = parse_date(name[:3].lower(), today), parse_date(name, today, "future")
    assert WEEKDAY_NAMES[past.weekday()] == WEEKDAY_NAMES[future.weekday()] == name
    assert 0 <= (today - past).days <= 6
    assert 1 <= (future - today).days <= 7


@given(st.integers(0, 999), todays)
def test_steps_lead_where_they_say(count: int, today: date) -> None:
    assert parse_date(f"+{count}d", today) == today + timedelta(days=count)
    assert parse_date(f"in {count} weeks", today, "future") == today + timedelta(weeks=count)
    assert parse_date(f"{count} days ago", today, "future") == today - timedelta(days=count)


@given(st.text(), st.dates(), directions)
def test_any_text_gives_a_date_or_a_reason(text: str, today: date, prefer: Direction) -> None:
    for found in (partial(parse_date, text, today, prefer), partial(parse_birth_date, text, today)):
        try:
            assert isinstance(found(), date)
        except ParseError as refused:
            assert str(refused).endswith(".")


@given(
    st.sampled_from(
        ["+999d", "in 999 months", "999 months ago", "999 weeks ago", "tomorrow", "yesterday", "mon", "2/29"]
    ),
    st.sampled_from([date.min, date.max]),
    directions,
)
def test_the_ends_of_the_calendar_are_a_reason_too(written: str, today: date, prefer: Direction) -> None:
    try:
        assert isinstance(parse_date(written, today, prefer), date)
    except ParseError as refused:
        assert "too far away" in str(refused)


@pytest.mark.parametrize(
    ("written", "born"),
    [
        ("4/9/2012", date(2012, 4, 9)),
        ("4/9/12", date(2012, 4, 9)),
        ("4/9/62", date(1962, 4, 9)),
        ("10/21/26", TODAY),
        ("10/22/26", date(1926, 10, 22)),
        ("04-09-1985", date(1985, 4, 9)),
        ("1985-04-09", date(1985, 4, 9)),
        ("Apr 9, 1985", date(1985, 4, 9)),
    ],
)
def test_a_birth_date_never_lies_in_the_future(written: str, born: date) -> None:
    assert parse_birth_date(written, TODAY) == born


@pytest.mark.parametrize(
    ("written", "because"),
    [
        ("4/9", "no birth date"),
        ("yesterday", "no birth date"),
        ("2012", "no birth date"),
        ("10/22/2026", "future"),
        ("4/9/1812", "130 years"),
        ("2/30/2012", "no day 30"),
        ("2/29/2011", "February 2011 has no day 29"),
    ],
)
def test_what_can_be_nobodys_birth_date_is_refused(written: str, because: str) -> None:
    with pytest.raises(ParseError, match=because):
        parse_birth_date(written, TODAY)


@given(todays, st.data())
def test_two_digits_of_a_birth_year_mean_the_latest_such_day(today: date, data: st.DataObject) -> None:
    born = data.draw(st.dates(today - timedelta(days=99 * 365), today))
    if (born.month, born.day) != (2, 29):
        assert parse_birth_date(f"{born.month}/{born.day}/{born.year % 100:02}", today) == born


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("9:10", "09:10"),
        ("9:10am", "09:10"),
        ("2pm", "14:00"),
        ("2 PM", "14:00"),
        ("2:05 p.m.", "14:05"),
        ("2:05p", "14:05"),
        ("14:05", "14:05"),
        ("02:30", "02:30"),
        ("12am", "00:00"),
        ("12 pm", "12:00"),
        ("noon", "12:00"),
    ],
)
def test_times_of_day_are_read(written: str, time: str) -> None:
    assert parse_clock_time(written) == time


@pytest.mark.parametrize(
    ("written", "because"),
    [
        ("2:30", "morning or afternoon: write 2:30pm or 14:30"),
        ("9", "no time of day"),
        ("13pm", "no time of day"),
        ("0am", "no time of day"),
        ("24:00", "no time of day"),
        ("9:60", "no time of day"),
        ("late", "no time of day"),
    ],
)
def test_what_is_no_single_time_of_day_is_refused(written: str, because: str) -> None:
    with pytest.raises(ParseError, match=because):
        parse_clock_time(written)


@given(st.times())
def test_times_of_day_agree_in_both_notations(time: object) -> None:
    full = f"{time:%H:%M}"
    assert parse_clock_time(full) == full
    assert parse_clock_time(f"{time:%I:%M%p}") == full


@pytest.mark.parametrize(
    "written", ["2026-10", "2026/10", "10/2026", "oct 2026", "October, 2026", " Oct. 2026 "]
)
def test_a_month_is_read_in_every_spelling(written: str) -> None:
    month = Month.parse(written)
    assert month == Month(2026, 10)
    assert (str(month), month.title) == ("2026-10", "October 2026")
    assert (month.first, month.last) == (date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    "written", ["", "10", "2026", "2026-13", "2026-0", "13/2026", "octo 2026", "10/26", "0026-10"]
)
def test_what_is_no_month_is_refused(written: str) -> None:
    with pytest.raises(ParseError, match="month"):
        Month.parse(written)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_month_holds_exactly_its_days(day: date) -> None:
    month = Month.of(day)
    assert month.first <= day <= month.last
    assert month.contains(day)
    assert month.contains(month.last)
    assert not month.contains(month.last + timedelta(days=1))
    assert Month.parse(str(month)) == Month.parse(month.title) == month


def test_dates_are_shown_as_charts_write_them() -> None:
    assert format_us(date(2012, 4, 9)) == format_us("2012-04-09") == "4/9/2012"
    assert format_us("") == ""


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2026-10-21", "today"),
        ("2026-10-20", "yesterday"),
        ("2026-10-22", "tomorrow"),
        ("2026-10-26", "Mon 10/26"),
        ("2027-01-04", "Mon 1/4/2027"),
    ],
)
def test_dates_near_today_are_shown_short(day: str, shown: str) -> None:
    assert format_short(day, TODAY) == shown


def test_a_span_of_days_says_what_it_is_and_holds_both_ends() -> None:
    span = Span(date(2026, 9, 15), date(2026, 10, 20))
    assert (span.title, str(span)) == ("9/15/2026 to 10/20/2026", "2026-09-15 to 2026-10-20")
    assert [span.contains(date(2026, *day)) for day in ((9, 14), (9, 15), (10, 20), (10, 21))] == [
        False,
        True,
        True,
        False,
    ]
    with pytest.raises(ParseError, match="is before"):
        Span(span.last, span.first)


def test_the_days_of_a_month_are_that_month() -> None:
    assert period_of(date(2028, 2, 1), date(2028, 2, 29)) == Month(2028, 2)
    assert period_of(date(2028, 2, 1), date(2028, 2, 28)) == Span(date(2028, 2, 1), date(2028, 2, 28))
