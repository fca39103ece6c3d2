"""What the month's screen asks of the lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from casemgr.core.wording import counted
from casemgr.tui.jobs import now
from casemgr.tui.messages import Acted

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.core.dates import Month
    from casemgr.services.desk import Desk
    from casemgr.services.month_view import MonthView
    from casemgr.services.profiles import ListedProfile
    from casemgr.services.releases import ReleaseWish
    from casemgr.tui.progress import Course
    from casemgr.tui.screens.pick import Option


@dataclass
class MonthRead(Message):
    """A month as it stands."""

    view: MonthView


@dataclass
class Exported(Message):
    """A workbook was written, or what it belongs to was done without it."""

    path: Path | None
    acted: Acted


@dataclass
class ProfilesRead(Message):
    """The workbooks that can be had."""

    options: tuple[Option, ...]


def view_month(desk: Desk, month: Month) -> MonthRead:
    """Read a month."""
    from casemgr.services.month_view import month_view

    return MonthRead(month_view(desk, month))


def export(desk: Desk, month: Month, course: Course, wish: ReleaseWish) -> Exported:
    """Write the month's workbook, as long as nobody stops it."""
    from casemgr.core.money import format_cents
    from casemgr.services.exports import export_month

    done = export_month(desk, month, wish=wish, progress=course.report)
    words = (
        f"{done.path.name} · {counted(done.rows, 'activity')} · "
        f"{counted(done.billing_lines, 'billing line')} · {format_cents(done.charge_cents)} · "
        "agrees with the log"
    )
    return Exported(done.path, Acted("exported", now(desk), words))


def read_profiles(desk: Desk) -> ProfilesRead:
    """Read which workbooks there are beside the month's own."""
    from casemgr.core.sources import MONTH_PROFILE
    from casemgr.services.profiles import listed_profiles
    from casemgr.tui.screens.pick import Option

    def option(one: ListedProfile) -> Option:
        if one.profile is None:
            return Option(one.id, one.id, "cannot be used as it is")
        return Option(one.id, one.profile.title, one.profile.about)

    return ProfilesRead(tuple(option(one) for one in listed_profiles(desk) if one.id != MONTH_PROFILE))


def export_profile(desk: Desk, month: Month, profile: str, course: Course, wish: ReleaseWish) -> Exported:
    """Write another workbook of a month, as long as nobody stops it."""
    from casemgr.services.exports import export_workbook
    from casemgr.services.profiles import profile_named
    from casemgr.services.sources import Scope

    found = profile_named(desk, profile)
    done = export_workbook(desk, found, Scope(month), wish=wish, progress=course.report)
    rows = counted(sum(done.rows.values()), "row")
    words = f"{done.path.name} · {done.title} · {rows} · agrees with the log"
    return Exported(done.path, Acted("exported", now(desk), words))


def close(desk: Desk, month: Month, reason: str, course: Course, wish: ReleaseWish) -> Exported:
    """Close a month and write its workbook of record; stopped, it is closed without one."""
    from casemgr.services.month_close import close_month

    done = close_month(desk, month, reason, wish=wish, progress=course.report)
    written = f" · {done.workbook.path.name}" if done.workbook else ""
    moved = f" · {counted(done.moved, 'draft')} billed with {done.run.title}" if done.moved else ""
    failed = (f"{done.failed.title}: E writes the workbook.",) if done.failed else ()
    acted = Acted("closed", now(desk), f"{month.title}{written}{moved}", warnings=failed)
    return Exported(done.workbook.path if done.workbook else None, acted)


def reopen(desk: Desk, month: Month, why: str) -> Acted:
    """Open a closed month again."""
    from casemgr.services.month_close import reopen_month

    done = reopen_month(desk, month, why)
    back = f" · {counted(done.came_back, 'late activity')} back in it" if done.came_back else ""
    stayed = f" · {counted(done.stayed, 'activity')} left with a later month" if done.stayed else ""
    return Acted("opened again", now(desk), f"{month.title}{back}{stayed}")


def draft(desk: Desk, month: Month) -> Acted:
    """Draft the month's claims."""
    from casemgr.services.claims import draft_claims

    drafted = draft_claims(desk, month)
    count = len(drafted.claims)
    minutes = sum(claim.minutes for claim in drafted.claims)
    left = f" · {len(drafted.left_out):,} activities left out, with why" if drafted.left_out else ""
    words = f"{count} {'claim' if count == 1 else 'claims'} for {month.title} · {minutes:,} min{left}"
    return Acted("drafted", now(desk), words)
