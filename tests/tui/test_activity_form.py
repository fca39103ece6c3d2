"""The activity form: drawn from the kind's declaration, saved whole, and never guessing a patient."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AddPatient, LogActivity
from casemgr.core.records import Activity
from casemgr.services.activities import log_activity
from casemgr.services.drafts import draft_of
from casemgr.services.follow_ups import listed as follow_ups
from casemgr.services.patients import add_patient, the_patient_id
from casemgr.services.preferences import save_preference
from casemgr.store.reads.records import load
from casemgr.tui.screens.pick import PickScreen
from tests.tui.forms import complaint, edited, field, labels, open_form, value, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]

REFERRAL = {"patient": "1030", "kind": "referral", "minutes": "20", "outcome": "consult booked"}


def kept(face: Face, activity_id: str) -> Activity:
    """The activity as the ledger has it."""
    record = load(face.desk.store, Activity, activity_id)
    assert record is not None
    return record


async def test_it_has_the_fields_of_its_kind_and_no_others(opened: Open) -> None:
    async with opened(120, 40) as face:
        await open_form(face)
        assert "own_specialty" not in labels(face)

        await write(face, kind="referral")
        own = {name for name in labels(face) if name.startswith("own_")}
        assert own == {f"own_{each.name}" for each in face.desk.kinds.kept("referral").fields}
        for label in ("Specialty", "Provider", "Reason for referral", "Loop status"):
            assert label in face.seen()


async def test_another_kind_keeps_what_is_common_and_brings_its_own_back(opened: Open) -> None:
    async with opened(120, 40) as face:
        await open_form(face, kind="transport")
        await write(face, minutes="15", note="a\nb", own_vendor="City Cab", own_visit_date="10/28")

        await write(face, kind="interpreter")
        assert value(face, "minutes") == "15"
        assert value(face, "note") == "a\nb"
        assert value(face, "own_visit_date") == "10/28"
        assert "own_vendor" not in labels(face)

        await write(face, kind="ride")
        assert value(face, "kind") == "transport"
        assert value(face, "own_vendor") == "City Cab"


async def test_all_that_is_written_is_logged_in_one_deed(opened: Open) -> None:
    async with opened() as face:
        await open_form(face)
        await write(
            face,
            patient="garcia ana 2012",
            kind="transport",
            date="yesterday",
            start="9:10am",
            minutes="1h05",
            method="called",
            contacted="mother",
            reason="no car",
            own_vendor="City Cab",
            own_pick_up="2pm",
            own_both_ways="y",
            own_vehicle="van",
            own_visit_date="10/28",
            outcome="ride is confirmed",
            response="agreed",
            next_step="call driver",
            follow_ups="10/26 confirm ride\nin 2 weeks ask again",
            note="first line\nsecond line",
        )
        before = len(face.deeds())
        await face.press("ctrl+s")

        (row,) = face.logged()
        record = kept(face, row.id)
        assert (record.patient_id, record.kind, record.service_date) == (
            the_patient_id(face.desk, "1030"), "transport", "2026-10-20",
        )  # fmt: skip
        assert (record.start, record.minutes, record.method, record.contacted) == (
            "09:10",
            65,
            "phone",
            "mother",
        )
        assert (record.reason, record.response, record.next_step) == ("no car", "agreed", "call driver")
        assert (record.outcome, record.outcome_words) == ("ride_confirmed", "ride is confirmed")
        assert record.note == "first line\nsecond line"
        assert record.fields == {
            "vendor": "City Cab",
            "pick_up": "14:00",
            "both_ways": "yes",
            "vehicle": "van",
            "visit_date": "2026-10-28",
        }
        assert [(each.row.due_date, each.row.what) for each in follow_ups(face.desk)] == [
            ("2026-10-26", "confirm ride"),
            ("2026-11-04", "ask again"),
        ]
        assert face.deeds()[before:] == [("log", "activity"), ("add", "follow_up"), ("add", "follow_up")]
        assert record.status == "signed"
        assert "saved: 1 h 05 · Transport assistance · Garcia, Ana 4/9/2012 #1030" in face.seen()


async def test_how_a_field_is_understood_stands_beside_it(opened: Open) -> None:
    async with opened(120, 40) as face:
        await open_form(face, kind="transport")
        await write(
            face, date="mon", minutes="1.5h", own_pick_up="2pm", follow_ups="fri x\n11/2 y", outcome="booked"
        )
        for words in ("Mon 10/19/2026", "1 h 30", "2:00 PM", "Fri 10/23, Mon 11/2", "= Ride confirmed"):
            assert words in face.seen()


async def test_namesakes_are_chosen_from_a_list_that_tells_them_apart(opened: Open) -> None:
    async with opened() as face:
        await open_form(face)
        await face.press(*"garcia", "space", *"ana", "enter")
        assert isinstance(face.app.screen, PickScreen)
        for beside in ("4/9/2012 #1030", "4/9/1985 #1031"):
            assert beside in face.seen()

        await face.press("space", *"1985", "enter")
        assert value(face, "patient") == the_patient_id(face.desk, "1031")
        assert "Garcia, Ana 4/9/1985 #1031" in face.seen()
        assert edited(face, "kind").has_focus


async def test_what_names_one_patient_is_taken_as_it_is(opened: Open) -> None:
    async with opened() as face:
        await open_form(face)
        await face.press(*"#1031", "tab")
        assert value(face, "patient") == the_patient_id(face.desk, "1031")
        assert "Garcia, Ana 4/9/1985 #1031" in face.seen()


async def test_leaving_a_name_that_several_have_says_so(opened: Open) -> None:
    async with opened() as face:
        await open_form(face)
        await face.press(*"garcia", "tab")
        assert "2 patients fit “garcia”" in complaint(face, "patient")
        assert "Garcia, Ana 4/9/1985 #1031" in complaint(face, "patient")

        await write(face, **{**REFERRAL, "patient": "garcia"})
        await face.press("ctrl+s")
        assert "2 patients fit “garcia”" in complaint(face, "patient")
        assert edited(face, "patient").has_focus
        assert not face.logged()


async def test_a_patient_whose_name_means_something_else_is_kept_by_who_they_are(
    opened: Open, desk: Desk
) -> None:
    odd = add_patient(desk, AddPatient("20m [/] 1030", "2012", date(2000, 2, 3), "77")).patient
    async with opened() as face:
        await open_form(face, patient_id=odd.id)
        await write(face, **{name: text for name, text in REFERRAL.items() if name != "patient"})
        await face.press("ctrl+s")
        assert face.logged()[0].patient_id == odd.id


WRONG = (
    ("date", "tomorrow", "2026-10-22 is in the future"),
    ("date", "2/30", "no day 30"),
    ("minutes", "900", "1 to 720"),
    ("minutes", "a while", "no number of minutes"),
    ("start", "3:00", "morning or afternoon"),
    ("own_appointment", "some day", "is no date"),
    ("own_loop_status", "lost", "choose one of: sent, scheduled"),
    ("follow_ups", "confirm ride", "begins with no date"),
    ("follow_ups", "10/26", "what is to be done"),
    ("follow_ups", "10/20/2026 late", "before the work itself"),
    ("kind", "gardening", "choose one of"),
    ("outcome", "", "this is needed"),
    ("minutes", "", "this is needed"),
    ("patient", "", "this is needed"),
    ("patient", "nobody at all", "No patient fits"),
)


async def test_what_is_wrong_is_said_beside_its_field(opened: Open) -> None:
    async with opened() as face:
        await open_form(face, kind="referral")
        await write(face, **REFERRAL)
        for name, text, said in WRONG:
            await write(face, **{name: text})
            await face.press("ctrl+s")
            assert said in complaint(face, name), text
            assert edited(face, name).has_focus, text
            assert complaint(face, name).splitlines()[0].strip()[:20] in face.seen()
            assert not face.logged()
            await write(face, **{name: REFERRAL.get(name, "")})
            assert complaint(face, name) == ""
        await face.press("ctrl+s")
        assert len(face.logged()) == 1


async def test_what_does_not_fit_together_is_told_once_it_is_saved(opened: Open, desk: Desk) -> None:
    ana = the_patient_id(desk, "1031")
    log_activity(
        desk, LogActivity(ana, "education", date(2026, 10, 21), 30, "teach-back done", start="09:00")
    )
    async with opened(120, 40) as face:
        await open_form(face)
        await write(face, **REFERRAL, start="9:10am")
        await face.press("ctrl+s")
        assert len(face.logged()) == 2
        assert "Look again" in face.seen()


async def test_it_may_be_saved_unsigned_before_anything_came_of_it(opened: Open) -> None:
    async with opened() as face:
        await open_form(face)
        await write(face, **{**REFERRAL, "outcome": ""})
        await face.press("ctrl+s")
        assert not face.logged()
        await face.press("ctrl+t")
        (row,) = face.logged()
        assert (row.status, row.outcome_words) == ("draft", "")


async def test_it_begins_as_the_settings_say(opened: Open, desk: Desk) -> None:
    save_preference(desk.places, "default_kind", "ride")
    save_preference(desk.places, "default_method", "phone")
    async with opened() as face:
        await open_form(face)
        assert (value(face, "kind"), value(face, "method")) == ("transport", "phone")
        assert "own_vendor" in labels(face)
        await face.press("escape")
        assert draft_of(face.desk, "activity.new") is None


async def test_what_is_typed_before_the_form_is_there_is_not_lost(opened: Open) -> None:
    async with opened() as face:
        await open_form(face, settle=False)
        await face.press(*"1030", "enter")
        assert value(face, "patient") == the_patient_id(face.desk, "1030")
        assert face.app.current_mode == "today"


async def test_choices_are_written_out_and_listed(opened: Open) -> None:
    async with opened() as face:
        await open_form(face)
        field(face, "kind").enter()
        await face.press(*"transp", "tab")
        assert field(face, "kind").text == "Transport assistance"

        field(face, "outcome").enter()
        await face.press("f4")
        assert isinstance(face.app.screen, PickScreen)
        await face.press(*"no veh", "enter")
        assert value(face, "outcome") == "No vehicle available"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_every_field_can_be_reached_and_seen(opened: Open, size: tuple[int, int]) -> None:
    async with opened(*size) as face:
        await open_form(face, kind="transport")
        for name, label in labels(face).items():
            field(face, name).enter()
            await face.settle()
            assert label in face.seen(), name
            region = edited(face, name).region
            assert face.app.screen.query_one("#fields").region.contains_region(region), name


async def test_a_click_on_its_sign_opens_a_list(opened: Open) -> None:
    async with opened() as face:
        await open_form(face, kind="transport")
        await face.pilot.click(field(face, "own_vehicle").query_one(".remark"))
        await face.settle()
        assert isinstance(face.app.screen, PickScreen)
        await face.press(*"wheel", "enter")
        assert value(face, "own_vehicle") == "wheelchair_van"


async def test_help_is_about_the_field(opened: Open) -> None:
    async with opened(120, 40) as face:
        await open_form(face, kind="transport")
        field(face, "own_vendor").enter()
        await face.press("f1")
        for words in (
            "Vendor. Who drives, such as the plan's ride broker",
            "Save it unsigned",
            "in your own editor",
        ):
            assert words in face.seen()


async def test_where_the_terminal_cannot_be_handed_over_the_note_stays(opened: Open, desk: Desk) -> None:
    save_preference(desk.places, "editor", "true")
    async with opened() as face:
        await open_form(face)
        await write(face, note="as it was")
        await face.press("f6")
        assert "The terminal cannot be handed over here" in complaint(face, "note")
        assert value(face, "note") == "as it was"
