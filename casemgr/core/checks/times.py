"""Whether the minutes can be true: overlaps, over-long days, dates and times that cannot be, habits."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from casemgr.core.checks.words import spoken, staff_name, work_name
from casemgr.core.findings import Finding, Mend, Severity
from casemgr.core.ids import short
from casemgr.core.minutes import format_minutes
from casemgr.core.text import same_words
from casemgr.core.units import QUARTER
from casemgr.core.wording import counted
from casemgr.core.workdays import LONG_DAY_MINUTES, clock_time, minute_of, shift_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.claim_facts import ClaimFacts, Work
    from casemgr.core.workdays import StaffMonth

REASON = "documentation"
MANY_UNITS = 26
"""More units of 15 minutes than these on one day need to be justified (Ohio DD boards' case notes guide)."""
HABIT_ACTIVITIES = 20
"""Fewer activities of a month show no habit."""
HABIT_SHARE = 90
"""Percent of activities from which on a habit is one."""


def dates(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether no service lies in the future, or before the patient was born."""
    for line in facts.lines:
        day = line.service_date
        early = line.day < facts.patient.birth_date
        if early or day > facts.as_of:
            yield Finding(
                "dates",
                Severity.ERROR,
                f"{spoken(facts, day)} is before the patient was born"
                if early
                else f"{spoken(facts, day)} is still to come",
                "One of the two dates is wrong." if early else "No work can be claimed before it is done.",
                mend=Mend("activity", line.work[0].id, "service_date") if line.work else None,
                line=line.number,
                reason=REASON,
            )


def clock(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether each start is a time that the day had, and the work ended before midnight."""
    for line, work in facts.work:
        if not work.start:
            continue
        shift = shift_of(facts.house.zone, date.fromisoformat(work.service_date))
        minute = minute_of(work.start)
        mend = Mend("activity", work.id, "start")
        if shift.missing(minute):
            yield Finding(
                "clock",
                Severity.ERROR,
                f"There was no {work.start} on {spoken(facts, work.service_date)}",
                f"Clocks went forward by {counted(shift.by, 'minute')} at {clock_time(shift.at)}.",
                "A start is a time that the day had.",
                mend=mend,
                line=line.number,
                reason=REASON,
            )
        elif shift.elapsed(minute) + work.minutes > shift.length:
            yield Finding(
                "clock",
                Severity.NOTE,
                f"It runs past midnight: {work_name(facts, work)}",
                f"It begins at {work.start} and takes {format_minutes(work.minutes)}.",
                "Minutes belong to the date on which they were spent.",
                mend=mend,
                line=line.number,
                reason=REASON,
            )


def overlap(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether somebody was at two things at once, for this patient or another."""
    mine = {work.id: line.number for line, work in facts.work}
    for line, work in facts.work:
        day = facts.days.get((work.staff, work.service_date))
        for clash in day.clashes.get(work.id, ()) if day else ():
            other = mine.get(clash.activity_id)
            # What stands under two codes is told by same_minutes; of two on one line, the first tells.
            if other is not None and (other != line.number or clash.activity_id < work.id):
                continue
            whose = "another patient" if clash.patient_id != facts.patient.id else "the same patient"
            yield Finding(
                "overlap",
                Severity.ERROR if clash.claimed else Severity.WARNING,
                f"{staff_name(facts, work.staff)} did two things at once, {spoken(facts, work.service_date)}",
                f"{format_minutes(clash.minutes)} of {work_name(facts, work)} are those of activity "
                f"{short(clash.activity_id)} too, for {whose}.",
                "Nobody works two minutes in one.",
                "audits of time-based services: overlapping logs",
                Mend("activity", work.id, "start"),
                line.number,
                REASON,
            )


def same_minutes(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether the same minutes stand under two codes of the claim."""
    placed = {work.id: line for line, work in facts.work}
    seen: dict[tuple[str, ...], tuple[int, Work]] = {}
    for line, work in facts.work:
        day = facts.days.get((work.staff, work.service_date))
        clashes = day.clashes.get(work.id, ()) if day else ()
        under = next(
            (
                (placed[clash.activity_id], clash.minutes)
                for clash in clashes
                if clash.activity_id in placed and placed[clash.activity_id].number < line.number
            ),
            None,
        )
        if under is not None:
            yield Finding(
                "same_minutes",
                Severity.ERROR,
                f"{format_minutes(under[1])} on {spoken(facts, work.service_date)} stand under two codes",
                f"They are counted under {under[0].code} and under {line.code}.",
                "The same minutes count under one code.",
                "audits of time-based services: minutes counted twice",
                Mend("activity", work.id, "start"),
                line.number,
                REASON,
            )
            continue
        if work.start or not work.note:
            continue
        # Without a start, one contact that was entered under two kinds shows by its words alone.
        key = (work.service_date, work.staff, str(work.minutes), same_words(work.note))
        number, other = seen.setdefault(key, (line.number, work))
        if number != line.number:
            yield Finding(
                "same_minutes",
                Severity.WARNING,
                f"{format_minutes(work.minutes)} on {spoken(facts, work.service_date)} may stand twice",
                f"The same minutes and the same note: {work_name(facts, other)}, {work_name(facts, work)}.",
                "The same minutes count under one code.",
                "audits of time-based services: minutes counted twice",
                Mend("activity", work.id, "note"),
                line.number,
                REASON,
            )


def long_day(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether anybody's day has more minutes than a working day, or more units than usual."""
    for (login, day), total in sorted(facts.days.items()):
        units = total.minutes // QUARTER
        if total.minutes <= LONG_DAY_MINUTES and units <= MANY_UNITS:
            continue
        over = total.minutes > LONG_DAY_MINUTES
        many = f"{format_minutes(total.minutes)} in {counted(total.activities, 'activity')}"
        yield Finding(
            "long_day",
            Severity.WARNING if over else Severity.NOTE,
            f"{staff_name(facts, login)} has {format_minutes(total.minutes)} on {spoken(facts, day)}",
            f"{many}, for all patients, are more than {format_minutes(LONG_DAY_MINUTES)}."
            if over
            else f"{many}, for all patients, are {units} units of 15 minutes. More than {MANY_UNITS} need to "
            "be justified.",
            f"At most {format_minutes(LONG_DAY_MINUTES)} on a day."
            if over
            else f"At most {MANY_UNITS} units on a day.",
            "" if over else "Ohio County Boards, case notes guide",
            Mend("staff", login),
            reason=REASON,
        )


def round_minutes(facts: ClaimFacts) -> Iterator[Finding]:
    """Whether somebody's minutes of a month are nearly all round numbers."""
    for (login, month), counts in facts.months.items():
        step, share = habit(counts)
        if step:
            yield Finding(
                "round_minutes",
                Severity.NOTE,
                f"{staff_name(facts, login)} logs in steps of {step} minutes",
                f"{share} % of {counts.activities} activities in {month} are multiples of {step}: they "
                "look as if they were guessed.",
                "Minutes are those that were spent.",
                mend=Mend("staff", login),
                reason=REASON,
            )


@lru_cache(maxsize=1024)
def habit(counts: StaffMonth) -> tuple[int, int]:
    """The coarsest round number that is a habit, and the percent of activities that are; 0 for none."""
    if counts.activities >= HABIT_ACTIVITIES:
        for step, number in ((15, counts.fifteens), (10, counts.tens), (5, counts.fives)):
            share = number * 100 // counts.activities
            if share >= HABIT_SHARE:
                return step, share
    return 0, 0
