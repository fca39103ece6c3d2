"""What a month came to beside the twelve before it, for one member of staff or everybody, one kind or all."""

from __future__ import annotations

from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING

from casemgr.core import measures
from casemgr.core.dates import Month
from casemgr.core.insights import BOOKED_WITHIN, Insights, months_up_to
from casemgr.services.content import kind_named
from casemgr.store.reads import insights as reads
from casemgr.store.reads.records import all_staff

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from casemgr.core.insights import FollowUps, Outreach
    from casemgr.services.desk import Desk


def insights(desk: Desk, month: Month, *, staff: str = "", kind: str = "") -> Insights:
    """A month's measures, of one moment.

    Args:
        desk: the open practice.
        month: any; of one that is not over, counts are so far.
        staff: a login; empty for everybody.
        kind: any word for a kind; empty for all.

    Raises:
        NotFound: there is nobody with that login, or no such kind.
    """
    member = desk.member(staff) if staff else None
    only = kind_named(desk, kind) if kind else None
    login, kind_id = (member.id if member else ""), (only.kind if only else "")
    months, today = months_up_to(month), desk.today()
    with desk.store.snapshot():
        names = {each.id: each.name for each in all_staff(desk.store)}
        sums = reads.work_sums(desk.store, list(map(str, months)), login, kind_id)
        days = reads.day_sums(desk.store, str(month), login, kind_id)
        minutes, activities, drafts = measures.totals(sums, months, today)
        by_kind = measures.groups(sums, attrgetter("kind"), desk.kinds.title, months, today)
        by_staff = measures.groups(sums, attrgetter("staff"), lambda id_: names.get(id_, id_), months, today)
        return Insights(
            month=month,
            months=months,
            today=today,
            staff=login,
            staff_name=member.name if member else "",
            kind=kind_id,
            kind_title=only.title if only else "",
            minutes=minutes,
            activities=activities,
            drafts=drafts,
            by_kind=tuple(sorted(by_kind, key=lambda each: (-each.minutes, each.title, each.id))),
            by_staff=tuple(sorted(by_staff, key=lambda each: (each.title, each.id))),
            weeks=measures.weeks(days, month),
            weekdays=measures.weekdays(days, month, today),
            reached=measures.reached(sums, desk.kinds, months, today),
            outcomes=measures.outcomes(sums, desk.kinds, month),
            outreach=outreach(desk, months, today, login, kind_id),
            follow_ups=follow_ups(desk, months, today, login, kind_id),
        )


def outreach(desk: Desk, months: Sequence[Month], today: date, login: str, kind_id: str) -> Outreach | None:
    """What was booked after outreach; None where the filter leaves no kind of outreach."""
    kinds = [each.kind for each in desk.kinds if each.outreach and kind_id in {"", each.kind}]
    if not kinds:
        return None
    booked = [(each.kind, outcome.id) for each in desk.kinds for outcome in each.outcomes if outcome.booked]
    # The days of a try near the end of the last month reach beyond it.
    reach = [months[-1].last + timedelta(days=ahead) for ahead in range(BOOKED_WITHIN + 1)]
    spanned = sorted({*map(str, months), *(str(Month.of(day)) for day in reach)})
    return measures.booked_after(
        reads.first_tries(desk.store, list(map(str, months)), kinds, login),
        reads.days_of_outcomes(desk.store, spanned, booked) if booked else (),
        months,
        today,
        BOOKED_WITHIN,
    )


def follow_ups(desk: Desk, months: Sequence[Month], today: date, login: str, kind_id: str) -> FollowUps:
    """How the follow-ups were kept that are one login's to do, or everybody's."""
    return measures.follow_ups_kept(
        reads.due_sums(desk.store, list(map(str, months)), login, kind_id),
        reads.put_off(desk.store, str(months[-1]), today.isoformat(), login, kind_id),
        months,
        today,
    )
