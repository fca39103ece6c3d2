"""Who works here: adding, editing and listing staff."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.dates import Month, format_us
from casemgr.core.records import Staff, is_npi
from casemgr.core.roles import ROLES
from casemgr.core.rows import ActivityFilter
from casemgr.core.text import tidy
from casemgr.services.refusals import refused
from casemgr.services.setup import check_login
from casemgr.store.reads.activities import totals
from casemgr.store.reads.follow_ups import follow_ups
from casemgr.store.reads.house import house
from casemgr.store.reads.records import all_staff, load

if TYPE_CHECKING:
    from casemgr.core.commands import AddStaff, EditStaff
    from casemgr.core.records import AccessRole
    from casemgr.services.desk import Desk
    from casemgr.store.ledger import Transaction

EDITABLE = ("name", "credential", "role", "access", "npi", "active_from", "active_to")
"""What an edit may change; a login never changes, since the ledger signs with it."""


class Duties(NamedTuple):
    """What a member of staff has on the desk."""

    month: Month
    """The present month."""
    activities: int
    """How many of theirs the month has."""
    minutes: int
    """Their raw minutes."""
    follow_ups: int
    """How many they still have to do."""


def add_staff(desk: Desk, wish: AddStaff) -> Staff:
    """Save a new member of staff.

    Raises:
        InputRefused: the login cannot be one or is somebody's, the name is missing, or the NPI is none.
    """
    with desk.write() as tx:
        return append_staff(desk, tx, wish)


def append_staff(desk: Desk, tx: Transaction, wish: AddStaff) -> Staff:
    """Check a wish and append it inside a transaction that the caller holds."""
    login, access = check_login(wish.login), check_access(wish.access)
    there = load(desk.store, Staff, login)
    if there is not None and not there.voided:
        raise refused(
            f"The login {login} is {there.name}'s",
            "Choose another login, or change who is there with `casemgr staff edit`.",
            "login",
        )
    member = Staff(
        id=login,
        name=tidy(wish.name),
        credential=tidy(wish.credential),
        role=tidy(wish.role),
        npi=tidy(wish.npi),
    )
    check_staff(member)
    tx.append("add", "staff", member)
    if access == member.access:
        return member
    return append_access(tx, member, access)


def append_access(tx: Transaction, member: Staff, access: AccessRole) -> Staff:
    """Say what somebody may do, which is a deed of its own: only an owner may."""
    changed = member.model_copy(update={"access": access})
    tx.append("access", "staff", changed)
    return changed


def edit_staff(desk: Desk, wish: EditStaff) -> Staff:
    """Change what is kept about a member of staff; `active_to` is the last day of somebody who leaves.

    Raises:
        NotFound: there is nobody with that login.
        InputRefused: nothing changes, an unknown field, or a value that cannot be.
    """
    with desk.write() as tx:
        record = desk.member(wish.login)
        unknown = sorted(set(wish.changes) - set(EDITABLE))
        if unknown:
            raise refused(f"Staff have no “{unknown[0]}” to change", f"It can be {', '.join(EDITABLE)}.")
        wanted = {name: tidy(value) for name, value in wish.changes.items()}
        access = check_access(wanted.pop("access", record.access))
        edited = record.model_copy(update=wanted)
        if edited == record and access == record.access:
            raise refused("The record says this already", "Name what changes, such as --credential.")
        check_staff(edited)
        if edited.id == house(desk.store).owner:
            refuse_other_owner(edited, access != record.access and access != "owner")
        if edited != record:
            tx.append("edit", "staff", edited)
        if access != edited.access:
            edited = append_access(tx, edited, access)
    if edited.id == desk.login:
        desk.seat(edited.id)
    return edited


def refuse_other_owner(owner: Staff, may_less: bool) -> None:
    """Refuse that the practice's owner leaves, or may do less than an owner."""
    if owner.active_to or may_less:
        raise refused(
            f"{owner.name} is the practice's owner",
            "Name another one first with `casemgr practice edit --owner LOGIN`.",
            "access" if may_less else "active_to",
        )


def check_access(text: str) -> AccessRole:
    """What somebody may do, by its name.

    Raises:
        InputRefused: it is none of the four.
    """
    for role in ROLES:
        if tidy(text).casefold() == role:
            return role
    error = refused(f"“{tidy(text)}” is nothing that staff may be", "Name one of these.", "access")
    error.candidates = ROLES
    raise error


def check_staff(member: Staff) -> None:
    """Refuse a member of staff who cannot be."""
    if not member.name:
        raise refused("The name is missing", "It is printed with everything that they log.", "name")
    if member.npi and not is_npi(member.npi):
        raise refused(
            f"“{member.npi}” is no NPI", "An NPI has ten digits; leave it out where there is none.", "npi"
        )
    for field in ("active_from", "active_to"):
        _check_day(getattr(member, field), field)
    if member.active_from and member.active_to and member.active_to < member.active_from:
        raise refused(
            f"They would leave on {format_us(member.active_to)}, before they begin",
            f"They begin on {format_us(member.active_from)}: look at both dates.",
            "active_to",
        )


def listed(desk: Desk, include_left: bool = False) -> list[Staff]:
    """Staff by login, the practice's owner as an owner; those who have left only where they are wanted."""
    today, owner = desk.today().isoformat(), house(desk.store).owner
    return [
        as_owner(member) if member.id == owner else member
        for member in all_staff(desk.store)
        if include_left or member.works_on(today)
    ]


def shown(desk: Desk, login: str) -> Staff:
    """The member of staff with a login, the practice's owner as an owner.

    Raises:
        NotFound: there is none.
    """
    member = desk.member(login)
    return as_owner(member) if member.id == house(desk.store).owner else member


def as_owner(member: Staff) -> Staff:
    """Whoever the practice names as its owner is one, whatever their record says."""
    return member.model_copy(update={"access": "owner"})


def duties(desk: Desk, login: str) -> Duties:
    """What a member of staff has on the desk this month."""
    month = Month.of(desk.today())
    with desk.store.snapshot():
        count, minutes = totals(
            desk.store,
            ActivityFilter(first=month.first.isoformat(), last=month.last.isoformat(), staff=login),
        )
        return Duties(month, count, minutes, len(follow_ups(desk.store, assigned_to=login)))


def _check_day(text: str, field: str) -> None:
    if text:
        try:
            date.fromisoformat(text)
        except ValueError:
            raise refused(f"“{text}” is no date", "Write it such as 2026-10-21.", field) from None
