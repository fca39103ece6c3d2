"""Staff: logins, what may change, who works here, and what they have on the desk."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import AddFollowUp, AddStaff, EditStaff, LogActivity
from casemgr.errors import InputRefused, NotFound, RuleRefused
from casemgr.services.activities import log_activity
from casemgr.services.desk import Desk
from casemgr.services.follow_ups import add_follow_up
from casemgr.services.staff import add_staff, duties, edit_staff, listed
from casemgr.services.undo import undo

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_login_is_kept_in_lower_case(desk: Desk) -> None:
    member = add_staff(desk, AddStaff(" BOkafor ", " Bisi  Okafor ", npi="1234567893"))
    assert (member.id, member.name, member.role) == ("bokafor", "Bisi Okafor", "case manager")
    assert desk.member("BOKAFOR") == member


@pytest.mark.parametrize("login", ["", "bisi okafor", "bisi/okafor", "bïsi", "-bisi", "x" * 33])
def test_other_logins_are_refused(desk: Desk, login: str) -> None:
    with pytest.raises(InputRefused, match="cannot be a login"):
        add_staff(desk, AddStaff(login, "Bisi Okafor"))


def test_a_login_is_given_once(desk: Desk) -> None:
    with pytest.raises(InputRefused, match="tchen is Tam Chen's"):
        add_staff(desk, AddStaff("TChen", "Terry Chen"))


def test_a_login_that_was_withdrawn_can_be_given_again(desk: Desk) -> None:
    add_staff(desk, AddStaff("bokafor", "Bisi Okafor"))
    undo(desk)
    with pytest.raises(NotFound):
        desk.member("bokafor")
    assert add_staff(desk, AddStaff("bokafor", "Bola Okafor")).name == "Bola Okafor"


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (AddStaff("bokafor", "  "), "name is missing"),
        (AddStaff("bokafor", "Bisi Okafor", npi="123"), "is no NPI"),
    ],
)
def test_what_cannot_be_is_refused(desk: Desk, wish: AddStaff, told: str) -> None:
    with pytest.raises(InputRefused, match=told):
        add_staff(desk, wish)


def test_an_edit_changes_what_is_named(desk: Desk) -> None:
    edited = edit_staff(desk, EditStaff("tchen", {"credential": "RDH, CDHC"}))
    assert (edited.credential, edited.name) == ("RDH, CDHC", "Tam Chen")
    assert desk.member("tchen") == edited


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "says this already"),
        ({"id": "tamchen"}, "no “id” to change"),
        ({"name": ""}, "name is missing"),
        ({"active_to": "10/31"}, "is no date"),
        ({"active_from": "2026-10-02", "active_to": "2026-10-01"}, "would leave on 10/1/2026"),
    ],
)
def test_an_edit_that_cannot_be_is_refused(desk: Desk, changes: dict[str, str], told: str) -> None:
    with pytest.raises(InputRefused, match=told):
        edit_staff(desk, EditStaff("tchen", changes))


def test_nobody_of_that_login(desk: Desk) -> None:
    with pytest.raises(NotFound) as unknown:
        edit_staff(desk, EditStaff("nobody", {"name": "Nobody"}))
    assert unknown.value.candidates == ("mrivera", "tchen")


@pytest.mark.parametrize(
    ("last_day", "here"), [("2026-10-20", False), ("2026-10-21", True), ("2026-10-31", True), ("", True)]
)
def test_whoever_has_left_is_listed_only_where_wanted(desk: Desk, last_day: str, here: bool) -> None:
    if last_day:
        edit_staff(desk, EditStaff("tchen", {"active_to": last_day}))
    assert ("tchen" in [member.id for member in listed(desk)]) is here
    assert [member.id for member in listed(desk, include_left=True)] == ["mrivera", "tchen"]


def test_duties_are_this_months_minutes_and_what_is_still_to_be_done(
    desk: Desk, ana: str, desk_of: Callable[[str], Desk]
) -> None:
    theirs = desk_of("tchen")
    for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 21)):
        log_activity(theirs, LogActivity(ana, "referral", day, 25, "booked"))
    log_activity(desk, LogActivity(ana, "referral", date(2026, 10, 2), 5, "booked"))
    add_follow_up(desk, AddFollowUp(date(2026, 10, 26), "confirm ride", ana, assigned_to="tchen"))
    has = duties(desk, "tchen")
    assert (str(has.month), has.activities, has.minutes, has.follow_ups) == ("2026-10", 2, 50, 1)


def test_who_has_left_neither_acts_nor_is_logged_for(desk: Desk, ana: str) -> None:
    left = (desk.today() - timedelta(days=3)).isoformat()
    edit_staff(desk, EditStaff("tchen", {"active_to": left}))
    with pytest.raises(RuleRefused, match="has left"):
        Desk(desk.store, desk.places, desk.clock, "tchen")
    with pytest.raises(InputRefused, match="did not work here"):
        log_activity(desk, LogActivity(ana, "education", desk.today(), 20, "done", staff="tchen"))


def test_the_owner_stays_until_there_is_another(desk: Desk) -> None:
    with pytest.raises(InputRefused, match="owner"):
        edit_staff(desk, EditStaff(desk.practice.owner, {"active_to": desk.today().isoformat()}))
