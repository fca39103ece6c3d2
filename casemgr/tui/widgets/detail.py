"""The whole of one activity, where the table has no room for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from casemgr.core.dates import Month, format_us
from casemgr.core.ids import short
from casemgr.core.methods import method_label
from casemgr.core.minutes import format_minutes
from casemgr.core.text import fold
from casemgr.core.wording import counted
from casemgr.tui.text import shown
from casemgr.tui.widgets.facts import Fact, Facts, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from textual.app import ComposeResult

    from casemgr.core.due import Aged
    from casemgr.services.today import DayRow
    from casemgr.services.whole import Whole


class Detail(Static):
    """Who, what and how long; the outcome in its own words; the note."""

    def tell(self, one: DayRow | None) -> None:
        """Show an activity, or nothing."""
        if one is None:
            self.update("")
            return
        row = one.row
        facts = (method_label(row.method), row.status, f"id {short(row.id)}")
        late = f" · entered {row.late_days} d late" if row.late_days else ""
        self.update(
            Content.assemble(
                (shown(f"{row.patient} {format_us(row.birth_date)} #{row.chart_number}"), "bold"),
                f"   {shown(one.kind_title)} · {format_minutes(row.minutes)}",
                ("\n→ ", "$text-accent"),
                shown(row.outcome_words or "no outcome yet"),
                (f"   {shown(' · '.join(fact for fact in facts if fact))}", "$foreground-muted"),
                (late, "$text-warning"),
                (f"\n“{shown(row.note)}”" if row.note else "", "$foreground-muted"),
            )
        )


class WholeDetail(VerticalScroll):
    """All that is kept about one activity, to scroll in where it is long."""

    HELP = (
        "All that is kept about the marked activity. The arrows scroll; tab goes back to the list, and h "
        "there shows what was changed, when and by whom."
    )
    BINDING_GROUP_TITLE = "The marked activity"

    def compose(self) -> ComposeResult:
        """The facts."""
        yield Facts()

    def tell(self, one: Whole | None) -> None:
        """Show an activity, or nothing."""
        self.say(tuple(facts(one)) if one is not None else ())

    def say(self, parts: Sequence[Content | Fact]) -> None:
        """Show facts about something else that is marked."""
        self.query_one(Facts).parts = parts
        self.scroll_home(animate=False)


def facts(one: Whole) -> Iterator[Content | Fact]:
    """An activity line by line; what is empty is left out."""
    row = one.row
    yield Content.assemble(
        (shown(row.patient), "bold"), f"  {format_us(row.birth_date)}", (f"  #{shown(row.chart_number)}", "")
    )
    start = f" at {row.start}" if row.start else ""
    yield Content(
        f"{shown(one.kind_title)} · {format_minutes(row.minutes)} · {format_us(row.service_date)}{start}"
    )
    yield from _standing(one)
    yield Content("")
    words = row.outcome_words
    label = f"{one.outcome}: " if one.outcome and fold(one.outcome) not in fold(words) else ""
    outcome = paragraph(f"{label}{words}") if words else Content.styled("none yet", "$text-warning")
    yield Fact("Outcome", outcome)
    for name, value in (
        ("How", method_label(row.method)),
        ("Contacted", row.contacted),
        ("Reason", row.reason),
        *one.details,
        ("Response", row.response),
        ("Next step", row.next_step),
        ("Note", row.note),
    ):
        if value:
            yield Fact(name, paragraph(value))
    for each in one.asked:
        yield Fact("Follow-up", _follow_up(each))
    for done in one.did:
        yield Fact("Did", paragraph(f"{done.what}, due {format_us(done.due_date)}"))
    yield Content("")
    yield Fact("Staff", paragraph(one.staff))
    late = f" · late entry, {counted(row.late_days, 'day')}" if row.late_days else ""
    entered = f"{_when(one.entered)} by {one.entered_by}"
    yield Fact("Entered", Content.assemble(paragraph(entered), (late, "$text-warning")))
    if row.run_month:
        later = f"{Month.parse(row.run_month).title}, too late for {row.late_from}"
        yield Fact("Billed in", Content.styled(later, "$text-warning"))
    if one.signed is not None:
        yield Fact("Signed", paragraph(f"{_when(one.signed)} by {one.signed_by}"))
    for mark in one.marks:
        why = f": {mark.reason}" if mark.reason else ""
        yield Fact(f"{mark.action}ed".capitalize(), paragraph(f"{_when(mark.when)} by {mark.who}{why}"))
    if one.copied_from:
        yield Fact("Copied from", paragraph(one.copied_from))
    yield Fact("Id", Content.styled(short(row.id), "$foreground-muted"))


def _standing(one: Whole) -> Iterator[Content]:
    """How it stands: draft, signed, on which claim, voided."""
    row = one.row
    told = {
        "draft": ("draft: s signs it", "bold $text-warning"),
        "voided": ("voided", "bold $text-error"),
        "claimed": (f"on claim {shown(row.claim_number)} under {row.code}", "$text-accent"),
    }.get(row.status, ("signed", "$foreground-muted"))
    amended = (" · amended", "$text-warning") if row.amended else ""
    yield Content.assemble(told, amended)


def _follow_up(one: Aged) -> Content:
    done = f" · done {format_us(one.row.done_on)}" if one.row.done_on else ""
    return Content.assemble(
        f"{format_us(one.row.due_date)} ", paragraph(one.row.what), (done, "$text-success")
    )


def _when(at: datetime) -> str:
    return f"{format_us(at.date())} {at:%H:%M}"
