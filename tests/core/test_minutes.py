from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.minutes import MAX_MINUTES, MIN_MINUTES, check_minutes, format_minutes, parse_minutes
from casemgr.errors import ParseError

allowed = st.integers(MIN_MINUTES, MAX_MINUTES)


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("20", 20),
        ("20m", 20),
        ("20 M", 20),
        ("20 min", 20),
        ("20 min.", 20),
        ("20 mins", 20),
        ("20 minutes", 20),
        ("  8 ", 8),
        ("90'", 90),
        ("1h", 60),
        ("1 hr", 60),
        ("2 hours", 120),
        ("1h05", 65),
        ("1h5", 65),
        ("1h 5m", 65),
        ("1 hr 5", 65),
        ("1 hr 15", 75),
        ("1 hour, 15 minutes", 75),
        ("1h and 5m", 65),
        ("1:05", 65),
        ("0:20", 20),
        ("00:20:00", 20),
        ("1.5h", 90),
        ("0.5h", 30),
        (".5 hr", 30),
        ("1.25 hours", 75),
        ("0", 0),
        ("900", 900),
    ],
)
def test_minutes_are_read_in_every_spelling(written: str, minutes: int) -> None:
    assert parse_minutes(written) == minutes


@pytest.mark.parametrize(
    ("written", "because"),
    [
        ("", "no minutes"),
        ("15-20", "range"),
        ("15–20 min", "range"),
        ("15 to 20", "range"),
        ("1h-2h", "range"),
        ("-5", "negative"),
        ("~20", "guess"),
        ("about 20", "guess"),
        ("20+", "guess"),
        ("20?", "guess"),
        ("1.33h", "whole number"),
        ("20.5 min", "whole number"),
        ("0:20:30", "whole number"),
        ("1.5", "hours or minutes"),
        ("20.0", "hours or minutes"),
        ("1h75", "no number of minutes"),
        ("1:75", "no number of minutes"),
        ("1:5", "no number of minutes"),
        ("h", "no number of minutes"),
        (".", "no number of minutes"),
        ("twenty", "no number of minutes"),
        ("10/21", "no number of minutes"),
        ("20 30", "no number of minutes"),
        ("٢٠", "no number of minutes"),
        ("9" * 5000, "no number of minutes"),
    ],
)
def test_what_is_no_exact_number_of_minutes_is_refused_with_its_reason(written: str, because: str) -> None:
    with pytest.raises(ParseError, match=because) as refused:
        parse_minutes(written)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("minutes", [MIN_MINUTES - 1, MAX_MINUTES + 1, -3, 10**9])
def test_minutes_outside_a_working_day_are_refused(minutes: int) -> None:
    with pytest.raises(ParseError, match="1 to 720"):
        check_minutes(minutes)


@pytest.mark.parametrize(
    ("minutes", "shown"), [(20, "20 min"), (60, "1 h"), (65, "1 h 05"), (95, "1 h 35"), (1880, "31 h 20")]
)
def test_minutes_are_shown_as_people_say_them(minutes: int, shown: str) -> None:
    assert format_minutes(minutes) == shown


@given(st.integers(0, 10**6))
def test_shown_minutes_read_the_same_again(minutes: int) -> None:
    assert parse_minutes(format_minutes(minutes)) == minutes


@given(
    allowed,
    st.sampled_from(
        [
            "{h}:{m:02}",
            "{h}h{m:02}",
            "{h}h {m}m",
            "{h} hr {m}",
            "{h} hours {m} minutes",
            "{n}",
            "{n}m",
            "{n} min",
            "{n}'",
        ]
    ),
)
def test_every_spelling_of_the_same_minutes_agrees(minutes: int, spelling: str) -> None:
    written = spelling.format(n=minutes, h=minutes // 60, m=minutes % 60)
    assert check_minutes(parse_minutes(written)) == minutes
    assert parse_minutes(f" {written.upper()} ") == minutes


@given(st.integers(1, 48), st.sampled_from(["h", " hr", " hours"]))
def test_quarters_of_an_hour_are_exact(quarters: int, unit: str) -> None:
    assert parse_minutes(f"{quarters / 4}{unit}") == quarters * 15


@given(allowed, allowed)
def test_a_range_is_never_a_number(low: int, high: int) -> None:
    with pytest.raises(ParseError):
        parse_minutes(f"{low}-{high}")


@given(st.text())
def test_any_text_gives_minutes_or_a_reason(text: str) -> None:
    try:
        assert parse_minutes(text) >= 0
    except ParseError as refused:
        assert str(refused).endswith(".")
