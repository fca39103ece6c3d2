"""Patients: who is meant, who may be added, and what is seen at a glance."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AddFollowUp, AddPatient, EditPatient, LogActivity, OpenCase
from casemgr.core.records import Coverage, Patient
from casemgr.errors import InputRefused, NotFound
from casemgr.services.activities import log_activity
from casemgr.services.cases import open_case
from casemgr.services.follow_ups import add_follow_up
from casemgr.services.patients import (
    add_patient,
    append_patient,
    edit_patient,
    label,
    listed,
    overview,
    patient_label,
    the_patient_id,
)
from casemgr.services.undo import undo
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk

LUZ = AddPatient("Ortiz", "Luz", date(1990, 1, 5))


def entries(desk: Desk) -> int:
    found = desk.store.one("SELECT count(*) FROM ledger")
    assert found is not None
    return int(found[0])


class TestAdding:
    def test_a_patient_gets_the_number_after_the_highest(self, desk: Desk) -> None:
        added = add_patient(desk, LUZ)
        assert added.patient.chart_number == "1033"
        assert added.coverage is None
        assert load(desk.store, Patient, added.patient.id) == added.patient

    @pytest.mark.parametrize(
        ("given", "following"),
        [
            ("2000", "2001"),
            ("A-77", "1033"),
            ("000199", "1033"),
            ("001999", "002000"),
            ("99999999999999999999", "1" + "0" * 20),
        ],
    )
    def test_the_next_number_follows_the_highest_that_is_all_digits(
        self, desk: Desk, given: str, following: str
    ) -> None:
        add_patient(desk, LUZ._replace(chart_number=given))
        assert (
            add_patient(desk, AddPatient("Abdi", "Faduma", date(2001, 1, 1))).patient.chart_number
            == following
        )

    def test_a_withdrawn_number_is_not_given_again(self, desk: Desk) -> None:
        add_patient(desk, LUZ)
        undo(desk)
        assert add_patient(desk, LUZ).patient.chart_number == "1034"

    @pytest.mark.parametrize("given", ["1030", "#1030", " 1030 "])
    def test_somebody_elses_number_is_refused_with_whose_it_is(self, desk: Desk, given: str) -> None:
        before = entries(desk)
        with pytest.raises(InputRefused) as refused:
            add_patient(desk, LUZ._replace(chart_number=given))
        assert refused.value.candidates == ("Garcia, Ana 4/9/2012 #1030",)
        assert entries(desk) == before

    def test_numbers_that_differ_in_case_only_are_the_same(self, desk: Desk) -> None:
        add_patient(desk, LUZ._replace(chart_number="AB-7"))
        with pytest.raises(InputRefused, match="ab-7 belongs to another patient"):
            add_patient(desk, AddPatient("Abdi", "Faduma", date(2001, 1, 1), "ab-7"))

    @pytest.mark.parametrize("given", ["10 30", "10/30", "--", "_", "x" * 33])
    def test_a_number_that_nobody_could_look_up_is_refused(self, desk: Desk, given: str) -> None:
        with pytest.raises(InputRefused, match="cannot be a chart number"):
            add_patient(desk, LUZ._replace(chart_number=given))

    @pytest.mark.parametrize(
        ("last", "first"), [("Garcia", "Ana"), ("GARCÍA", "ana"), ("Ana", "Garcia"), ("Garcia Ana", "")]
    )
    def test_the_same_name_and_birth_date_are_refused_however_written(
        self, desk: Desk, last: str, first: str
    ) -> None:
        with pytest.raises(InputRefused) as refused:
            add_patient(desk, AddPatient(last, first, date(2012, 4, 9)))
        assert refused.value.candidates == ("Garcia, Ana 4/9/2012 #1030",)
        assert "--namesake" in refused.value.todo

    def test_a_namesake_is_taken_where_it_is_said(self, desk: Desk) -> None:
        added = add_patient(desk, AddPatient("Garcia", "Ana", date(2012, 4, 9)), allow_namesake=True)
        assert label(added.patient) == "Garcia, Ana 4/9/2012 #1033"

    def test_a_longer_name_is_another_person(self, desk: Desk) -> None:
        assert add_patient(desk, AddPatient("Garcia Lopez", "Ana", date(2012, 4, 9)))

    @pytest.mark.parametrize(
        ("wish", "told"),
        [
            (LUZ._replace(last_name="  "), "last name is missing"),
            (LUZ._replace(last_name="—"), "last name is missing"),
            (LUZ._replace(birth_date=date(2026, 10, 22)), "in the future"),
            (LUZ._replace(birth_date=date(1890, 1, 1)), "more than 130 years ago"),
        ],
    )
    def test_who_cannot_be_is_refused(self, desk: Desk, wish: AddPatient, told: str) -> None:
        with pytest.raises(InputRefused, match=told):
            add_patient(desk, wish)

    def test_control_characters_and_runs_of_spaces_do_not_stay(self, desk: Desk) -> None:
        added = add_patient(desk, LUZ._replace(last_name=" Ortiz\t de\x1b  la Cruz", phone="617\n555"))
        assert (added.patient.last_name, added.patient.phone) == ("Ortiz de la Cruz", "617 555")

    def test_payer_and_member_come_as_coverage_in_the_same_deed(self, desk: Desk) -> None:
        added = add_patient(desk, LUZ._replace(payer="Acme Dental", member_id="A1"))
        assert added.coverage is not None
        assert load(desk.store, Coverage, added.coverage.id) == added.coverage
        undo(desk)
        for model, record in ((Patient, added.patient), (Coverage, added.coverage)):
            kept = load(desk.store, model, record.id)
            assert kept is not None
            assert kept.voided

    def test_a_cover_that_cannot_be_keeps_the_patient_out_too(self, desk: Desk) -> None:
        before = entries(desk)
        with pytest.raises(InputRefused, match="payer is missing"):
            add_patient(desk, LUZ._replace(member_id="A1"))
        assert entries(desk) == before
        assert listed(desk, "ortiz") == []


class TestEditing:
    def test_an_edit_changes_what_is_named_and_keeps_the_reason(self, desk: Desk, ana: str) -> None:
        edited = edit_patient(desk, EditPatient(ana, {"phone": "617-555-0199", "language": ""}, "called in"))
        assert (edited.phone, edited.language, edited.chart_number) == ("617-555-0199", "", "1030")
        kept = desk.store.one("SELECT action, reason FROM ledger ORDER BY seq DESC LIMIT 1")
        assert kept == ("edit", "called in")

    def test_a_new_name_is_found_and_the_old_one_is_not(self, desk: Desk, ana: str) -> None:
        edit_patient(desk, EditPatient(ana, {"last_name": "Fernández"}))
        assert the_patient_id(desk, "fernandez ana") == ana
        assert the_patient_id(desk, "garcia ana") != ana

    def test_a_chart_number_stays_ones_own(self, desk: Desk, ana: str) -> None:
        assert edit_patient(desk, EditPatient(ana, {"chart_number": "#2040"})).chart_number == "2040"
        with pytest.raises(InputRefused, match="1031 belongs to another patient"):
            edit_patient(desk, EditPatient(ana, {"chart_number": "1031"}))

    def test_becoming_a_namesake_must_be_said(self, desk: Desk, ana: str) -> None:
        wish = EditPatient(ana, {"birth_date": "1985-04-09"})
        with pytest.raises(InputRefused, match="of this name and birth date"):
            edit_patient(desk, wish)
        assert edit_patient(desk, wish, allow_namesake=True).birth_date == "1985-04-09"
        # Once said, other edits need not say it again.
        assert edit_patient(desk, EditPatient(ana, {"phone": "1"})).phone == "1"

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({}, "says this already"),
            ({"phone": "617-555-0130"}, "says this already"),
            ({"colour": "red"}, "no “colour” to change"),
            ({"birth_date": "2012-02-30"}, "is no birth date"),
            ({"last_name": ""}, "last name is missing"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, desk: Desk, ana: str, changes: dict[str, str], told: str
    ) -> None:
        with pytest.raises(InputRefused, match=told):
            edit_patient(desk, EditPatient(ana, changes))

    def test_nobody_is_born_after_work_was_logged_for_them(self, desk: Desk, ana: str) -> None:
        log_activity(desk, LogActivity(ana, "referral", date(2026, 10, 1), 20, "booked"))
        with pytest.raises(InputRefused, match="logged for this patient on 10/1/2026"):
            edit_patient(desk, EditPatient(ana, {"birth_date": "2026-10-02"}))


class TestWhoIsMeant:
    @pytest.mark.parametrize(
        "text",
        [
            "1030",
            "#1030",
            "garcia ana 2012",
            "Ana García 4/9/2012",
            "Garcia, Ana 2012-04-09",
            "ana garcia #1030",
        ],
    )
    def test_one_patient_is_found(self, desk: Desk, ana: str, text: str) -> None:
        assert the_patient_id(desk, text) == ana

    def test_a_whole_id_names_its_patient(self, desk: Desk, ana: str) -> None:
        assert the_patient_id(desk, f" {ana.upper()} ") == ana

    @pytest.mark.parametrize("text", ["obrien nunez", "O'Brien-Nunez, Mary Jo", "maryjo obriennunez"])
    def test_marks_may_be_left_out(self, desk: Desk, text: str) -> None:
        assert patient_label(desk, the_patient_id(desk, text)) == "O'Brien-Núñez, Mary Jo 1/5/1990 #1032"

    def test_namesakes_are_listed_to_choose_from(self, desk: Desk) -> None:
        with pytest.raises(InputRefused) as refused:
            the_patient_id(desk, "garcia ana")
        assert refused.value.candidates == ("Garcia, Ana 4/9/1985 #1031", "Garcia, Ana 4/9/2012 #1030")

    def test_nobody_is_guessed_and_the_nearest_are_named(self, desk: Desk) -> None:
        with pytest.raises(NotFound) as unknown:
            the_patient_id(desk, "garcia ana 2011")
        assert "Garcia, Ana 4/9/2012 #1030" in unknown.value.candidates

    @pytest.mark.parametrize("text", ["", "   ", "zzyzx", "9999", "00000000-0000-7000-8000-000000000000"])
    def test_nobody_at_all(self, desk: Desk, text: str) -> None:
        with pytest.raises(NotFound):
            the_patient_id(desk, text)

    def test_two_birth_dates_are_refused(self, desk: Desk) -> None:
        with pytest.raises(InputRefused, match="two birth dates"):
            the_patient_id(desk, "garcia ana 4/9/2012 4/9/1985")

    def test_a_withdrawn_patient_is_nobody(self, desk: Desk) -> None:
        added = add_patient(desk, LUZ).patient
        undo(desk)
        for text in ("ortiz luz", added.chart_number, added.id):
            with pytest.raises(NotFound):
                the_patient_id(desk, text)

    def test_a_name_that_hundreds_share_hides_nobody(self, desk: Desk, ana: str) -> None:
        with desk.write() as tx:
            for number in range(900):
                append_patient(
                    desk, tx, AddPatient("Garcia" if number % 2 else "Ortiz", "Ana", date(1990, 1, 1)), True
                )
        last = add_patient(desk, AddPatient("Garcia", "Ana", date(2015, 5, 5), "SM-7")).patient
        assert the_patient_id(desk, "garcia ana 5/5/2015") == last.id
        assert the_patient_id(desk, "#sm-7") == last.id
        assert the_patient_id(desk, "garcia ana 2012") == ana
        with pytest.raises(InputRefused) as refused:
            the_patient_id(desk, "garcia ana")
        assert last.chart_number in refused.value.candidates[-1]


class TestListing:
    @pytest.mark.parametrize(
        ("search", "charts"),
        [
            ("", ["1031", "1030", "1032"]),
            ("gar", ["1031", "1030"]),
            ("103", ["1031", "1030", "1032"]),
            ("1032", ["1032"]),
            ("nunez", ["1032"]),
            ("gar 2012", ["1030"]),
            ("4/9/1985", ["1031"]),
            ("1/5/1990", ["1032"]),
            ("gar ana zz", []),
        ],
    )
    def test_a_search_takes_beginnings_and_birth_dates(
        self, desk: Desk, search: str, charts: list[str]
    ) -> None:
        assert [patient.chart_number for patient in listed(desk, search)] == charts

    def test_a_limit_holds_with_and_without_a_birth_date(self, desk: Desk) -> None:
        assert len(listed(desk, limit=2)) == 2
        assert len(listed(desk, "gar", limit=1)) == 1
        assert len(listed(desk, "ana 4/9/1985", limit=1)) == 1


class TestOverview:
    def test_an_unknown_page_says_what_is_not_there(self, desk: Desk, ana: str) -> None:
        seen = overview(desk, ana)
        assert (seen.age, seen.coverage, seen.case, seen.follow_ups, seen.minutes) == (14, None, None, (), 0)

    def test_the_months_minutes_what_is_due_and_the_newest_activities(
        self, desk: Desk, ana: str, clock: FixedClock, desk_of: Callable[[str], Desk]
    ) -> None:
        case = open_case(desk, OpenCase(ana, date(2026, 9, 3), complaint="missed visits"))
        for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 21)):
            log_activity(desk, LogActivity(ana, "referral", day, 20, "booked"))
        log_activity(desk_of("tchen"), LogActivity(ana, "transport", date(2026, 10, 2), 15, "ride confirmed"))
        follow_up = add_follow_up(desk, AddFollowUp(date(2026, 10, 26), "confirm ride", ana))
        seen = overview(desk, ana)
        assert (str(seen.month), seen.activities, seen.minutes) == ("2026-10", 3, 55)
        assert [row.service_date for row in seen.last] == [
            "2026-10-21",
            "2026-10-02",
            "2026-10-01",
            "2026-09-30",
        ]
        assert seen.case == case
        assert [row.id for row in seen.follow_ups] == [follow_up.id]

    def test_the_coverage_is_the_one_of_today(self, desk: Desk) -> None:
        added = add_patient(desk, LUZ._replace(payer="Acme Dental", member_id="A1"))
        assert overview(desk, added.patient.id).coverage == added.coverage
