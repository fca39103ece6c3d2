"""From the one line, the flags and the JSON object to what is saved; what is missing saves nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casemgr.core.commands import FollowUpWish
from casemgr.errors import CasemgrError, InputRefused
from casemgr.services.activities import log_activity
from casemgr.services.entries import BATCH_KEYS, read_minutes, wish_from_fields, wish_from_text
from tests.services.support import TODAY, everything, length

if TYPE_CHECKING:
    from casemgr.services.desk import Desk

ISSUE_LINE = "20m referral Garcia Ana 4/9/2012: oral surgery consult => booked 10/28 !10/26 confirm ride"
FLAGS = {"patient": "1030", "kind": "ref", "minutes": "20m", "outcome": "booked"}


def test_the_line_of_the_manual_is_understood_whole(desk: Desk, ana: str) -> None:
    wish = wish_from_text(desk, ISSUE_LINE)
    assert (wish.patient_id, wish.kind, wish.minutes, wish.service_date) == (ana, "referral", 20, TODAY)
    assert (wish.note, wish.outcome_words, wish.outcome) == (
        "oral surgery consult",
        "booked 10/28",
        "consult_booked",
    )
    assert wish.follow_ups == (FollowUpWish(date(2026, 10, 26), "confirm ride"),)


def test_flags_say_the_same_as_the_line(desk: Desk) -> None:
    by_line = log_activity(desk, wish_from_text(desk, ISSUE_LINE))
    by_flags = log_activity(
        desk,
        wish_from_fields(
            desk,
            {
                "patient": "ana garcia 4/9/2012",
                "kind": "Referral",
                "minutes": 20,
                "note": "oral surgery consult",
                "outcome": "booked 10/28",
                "follow_ups": [{"due_date": "10/26", "what": "confirm ride"}],
            },
        ),
    )
    own = {"id", "entered_at", "signed_at"}
    assert by_line.activity.model_dump(exclude=own) == by_flags.activity.model_dump(exclude=own)


def test_a_namesake_is_not_guessed_and_both_are_named(desk: Desk) -> None:
    with pytest.raises(InputRefused) as refused:
        wish_from_text(desk, "20m referral Garcia Ana: consult => booked")
    assert [each for each in refused.value.candidates if "Garcia, Ana" in each]
    assert any("2012" in each for each in refused.value.candidates)
    assert any("1985" in each for each in refused.value.candidates)
    assert "Nothing was saved" in refused.value.detail


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("referral #1030: note => booked", "minutes"),
        ("900m referral #1030: note => booked", "minutes"),
        ("0m referral #1030: note => booked", "minutes"),
        ("20m #1030: note => booked", "kind"),
        ("20m referral: note => booked", "patient"),
        ("20m referral #9999: note => booked", "patient"),
        ("20m referral #1030: note", "outcome"),
        ("20m referral #1030 2/30: note => booked", "date"),
        ("", "minutes"),
    ],
)
def test_what_is_missing_or_wrong_is_named(desk: Desk, line: str, field: str) -> None:
    with pytest.raises(InputRefused) as refused:
        wish_from_text(desk, line)
    assert field in refused.value.todo


@pytest.mark.parametrize(
    ("line", "given_apart"),
    [
        ("20m referral: consult => booked", {"patient": "1030"}),
        ("referral #1030: consult => booked", {"minutes": "20"}),
        ("20m #1030: consult => booked", {"kind": "referral"}),
        ("20m referral #1030: consult", {"outcome": "booked"}),
        ("20m referral Garcia Ana: consult => booked", {"patient": "ana garcia 2012"}),
        ("55m ride #1031: consult => ride", dict(FLAGS)),
    ],
)
def test_what_an_option_says_completes_the_line_and_goes_before_it(
    desk: Desk, ana: str, line: str, given_apart: dict[str, str]
) -> None:
    wish = wish_from_fields(desk, {"text": line, **given_apart})
    saved = log_activity(desk, wish).activity
    assert (saved.patient_id, saved.kind, saved.minutes) == (ana, "referral", 20)
    assert (saved.note, saved.outcome_words, saved.outcome) == ("consult", "booked", "consult_booked")


@pytest.mark.parametrize("missing", list(FLAGS))
def test_each_needed_flag_is_asked_for(desk: Desk, missing: str) -> None:
    with pytest.raises(InputRefused, match=f"{missing}: it is missing"):
        wish_from_fields(desk, {name: value for name, value in FLAGS.items() if name != missing})


def test_a_draft_needs_no_outcome(desk: Desk) -> None:
    draft = {name: value for name, value in FLAGS.items() if name != "outcome"} | {"draft": True}
    assert log_activity(desk, wish_from_fields(desk, draft)).activity.status == "draft"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"minuts": 5}, "did you mean minutes"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"minutes": "soon"}, "minutes"),
        ({"date": "2/30"}, "date"),
        ({"start": "25:00"}, "start"),
        ({"draft": "no"}, "draft"),
        ({"fields": ["vendor"]}, "fields"),
        ({"follow_ups": ["10/26"]}, "follow-up"),
        ({"follow_ups": [7]}, "follow-up"),
        ({"follow_ups": [{"due_date": "2/30", "what": "call"}]}, "follow-up"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_by_its_name(desk: Desk, change: dict[str, Any], named: str) -> None:
    with pytest.raises(InputRefused) as refused:
        wish_from_fields(desk, {**FLAGS, **change})
    assert named in refused.value.title


def test_values_of_json_are_read_as_they_are_meant(desk: Desk) -> None:
    wish = wish_from_fields(
        desk,
        {
            "text": "20m ride #1030: no car => ride confirmed",
            "fields": {"both_ways": True, "trip_number": 88120, "vendor": None},
            "follow_ups": "!10/26 confirm ride",
            "date": "yesterday",
            "start": "2pm",
            "method": "Called",
            "staff": "tchen",
            "outcome": None,
        },
    )
    record = log_activity(desk, wish).activity
    assert record.fields == {"both_ways": "yes", "trip_number": "88120"}
    assert (record.service_date, record.start, record.method) == ("2026-10-20", "14:00", "phone")
    assert (record.staff, record.outcome) == ("tchen", "ride_confirmed")
    assert wish.follow_ups == (FollowUpWish(date(2026, 10, 26), "confirm ride"),)


@pytest.mark.parametrize(
    ("written", "minutes"), [(20, 20), ("20m", 20), ("1h05", 65), ("0:20", 20), ("1.5h", 90), ("720", 720)]
)
def test_minutes_are_read_in_every_way(written: object, minutes: int) -> None:
    assert read_minutes(written) == minutes


values = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.text(max_size=5))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(BATCH_KEYS), values | st.dictionaries(st.text(), values)))
def test_whatever_the_object_it_is_refused_plainly_or_fit_to_save(desk: Desk, said: dict[str, Any]) -> None:
    before = length(desk)
    try:
        wish = wish_from_fields(desk, {**FLAGS, **said})
        log_activity(desk, wish)
    except CasemgrError as refused:
        assert refused.title
        assert refused.exit_code in {3, 4}
        assert length(desk) == before
    else:
        assert len(everything(desk)) >= 1
