"""Notes from templates: holes filled with what the activity says, and refused while one is empty."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import LogActivity
from casemgr.core.holes import COMMON_HOLES, has_holes
from casemgr.errors import InputRefused
from casemgr.services.activities import log_activity
from casemgr.services.entries import wish_from_fields
from casemgr.services.templates import hole_words, template_of, with_template
from tests.services.support import TODAY, assert_whole, everything

if TYPE_CHECKING:
    from casemgr.services.desk import Desk

FULL = LogActivity(
    patient_id="",
    kind="transport",
    service_date=date(2026, 10, 20),
    minutes=15,
    outcome_words="Ride confirmed",
    start="14:30",
    method="in_person",
    contacted=" Ana's   mother ",
    reason="no car",
    response="glad",
    next_step="confirm on 10/26",
    fields={"vendor": "City Cab", "visit_date": "10/28", "both_ways": "perhaps"},
    staff="tchen",
)


def test_every_common_hole_is_filled_as_people_read_it(desk: Desk, ana: str) -> None:
    assert hole_words(desk, FULL._replace(patient_id=ana)) == {
        "patient": "Ana Garcia",
        "date": "10/20/2026",
        "start": "2:30 PM",
        "minutes": "15",
        "staff": "Tam Chen",
        "method": "in person",
        "contacted": "Ana's mother",
        "outcome": "Ride confirmed",
        "reason": "no car",
        "response": "glad",
        "next_step": "confirm on 10/26",
        "vendor": "City Cab",
        "visit_date": "10/28/2026",
    }
    assert set(COMMON_HOLES) <= hole_words(desk, FULL._replace(patient_id=ana)).keys()


def test_a_half_filled_form_fills_what_it_knows(desk: Desk) -> None:
    empty = LogActivity(patient_id="", kind="", service_date=TODAY, minutes=0, outcome_words="")
    assert hole_words(desk, empty) == {"date": "10/21/2026", "staff": "Marisol Rivera"}
    assert "vendor" not in hole_words(desk, empty._replace(fields={"vendor": "City Cab"}))
    assert hole_words(desk, empty._replace(kind="ride", fields={"vendor": "x"}))["vendor"] == "x"


def test_a_kinds_own_field_goes_before_what_all_kinds_have(desk: Desk) -> None:
    referral = FULL._replace(kind="referral", fields={"reason": "extraction of #17"})
    assert hole_words(desk, referral)["reason"] == "extraction of #17"
    assert "reason" not in hole_words(desk, referral._replace(fields={}))


def test_a_note_is_begun_from_a_template(desk: Desk, ana: str) -> None:
    given = {
        "patient": "1030",
        "kind": "ride",
        "minutes": 15,
        "outcome": "no van that day",
        "template": "no ride",
        "fields": {
            "vendor": "City Cab",
            "visit_date": "10/28",
            "what_they_said": " no {van} that\nday ",
            "next_vendor": "MetroRide",
        },
    }
    wish = wish_from_fields(desk, given)
    assert wish.note == (
        "Asked City Cab for a ride to the visit on 10/28/2026: no {van} that day. "
        "To be tried next: MetroRide."
    )
    record = log_activity(desk, wish).activity
    assert record.fields == {"vendor": "City Cab", "visit_date": "2026-10-28"}
    assert record.note == wish.note
    assert_whole(desk)

    with_words = wish_from_fields(desk, {**given, "note": "They were rude."})
    assert with_words.note == f"{wish.note} They were rude."
    line = {
        "text": "15m ride 1030: They were rude. => none",
        "template": "No ride",
        "fields": given["fields"],
    }
    assert wish_from_fields(desk, line).note == with_words.note


def test_what_is_left_is_named_with_what_fills_it(desk: Desk, ana: str) -> None:
    with pytest.raises(InputRefused) as told:
        wish_from_fields(
            desk,
            {"text": "15m ride 1030 => booked", "template": "Ride booked", "fields": {"vendor": "City Cab"}},
        )
    error = told.value
    assert error.field == "template"
    assert error.title == (
        "template: “Ride booked” has holes that nothing fills: visit_date, pick_up, trip_number and contacted"
    )
    assert error.todo == (
        "Say --set visit_date=…, --set pick_up=…, --set trip_number=… and --contacted … as well."
    )
    assert everything(desk) == []


def test_what_is_neither_field_nor_hole_is_refused(desk: Desk, ana: str) -> None:
    given = {
        "text": "5m interp 1030 => declined",
        "template": "Family member offered",
        "contacted": "her aunt",
        "response": "she will see",
        "fields": {"languge": "Spanish"},
    }
    with pytest.raises(InputRefused, match='did you mean "language"'):
        log_activity(desk, wish_from_fields(desk, given))
    common = {**given, "fields": {"contacted": "nobody"}}
    with pytest.raises(InputRefused, match="no field “contacted”"):
        log_activity(desk, wish_from_fields(desk, common))


def test_an_unknown_template_names_those_that_there_are(desk: Desk, ana: str) -> None:
    with pytest.raises(InputRefused) as told:
        wish_from_fields(desk, {"text": "5m ride 1030 => booked", "template": "Rides booked"})
    assert told.value.candidates == ("Ride booked", "No ride", "Check before the visit")
    assert told.value.field == "template"


def test_every_template_can_be_filled_and_logged(desk: Desk, ana: str) -> None:
    for kind in desk.kinds:
        for template in kind.note_templates:
            assert template_of(kind, template.name) == template
            fields = {field.name: next(iter(field.choices), "10/28/2026") for field in kind.fields}
            for field in kind.fields:
                if field.type in {"integer", "time", "yes_no"}:
                    fields[field.name] = {"integer": "2", "time": "9:00", "yes_no": "yes"}[field.type]
            typed = dict.fromkeys(kind.holes_to_type(template), "typed")
            wish = FULL._replace(patient_id=ana, kind=kind.kind, fields=fields | typed, staff="")
            filled = with_template(desk, wish, template.name)
            assert not has_holes(filled.note)
            assert log_activity(desk, filled).activity.note == filled.note
