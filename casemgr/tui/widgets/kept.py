"""What is kept about a patient besides the work itself: cover, cases, follow-ups, claims, a row each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from casemgr.core.dates import MONTH_NAMES, format_short, format_us
from casemgr.core.minutes import format_minutes
from casemgr.core.wording import counted
from casemgr.services.coverages import span
from casemgr.tui.text import shown
from casemgr.tui.widgets.due import STYLES, age_words
from casemgr.tui.widgets.facts import Fact, paragraph
from casemgr.tui.widgets.kept_billing import attached_rows, benefits_rows, claim_row, lapsed_rows
from casemgr.tui.widgets.kept_row import LACKS, MUTED, Kept, hint
from casemgr.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from casemgr.core.due import Aged
    from casemgr.services.patient_page import Cover, DocumentedCase, PatientPage

LABEL = 11
"""Cells for what a row is, and the gap after it."""

WIDE = 64
"""From this width on, in cells, a row fits one line."""

SHORT = {
    "complaint": "Complaint",
    "findings": "Findings",
    "supplementary": "Tests, data",
    "plan": "Plan",
    "outcomes": "Outcomes",
}
"""The points of the checklist, where there is no room for their titles."""


class KeptList(Listing[Kept]):
    """The rows."""

    HELP = (
        "What is kept about the patient: cover and what the payer said, authorizations, cases with their "
        "checklist, this month's minutes, what is to be done, claims, files. Enter opens the marked row to "
        "change it, or adds what is not there yet; below stands all of it. Tab goes to the activities and "
        "back."
    )
    BINDING_GROUP_TITLE = "What is kept"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "ask('done')", "Done", id="kept.done",
                tooltip="The marked follow-up is done, and nothing is to be logged"),
        Binding("s", "ask('snooze')", "Snooze", tooltip="Put the marked follow-up off to another day",
                id="kept.snooze"),
        Binding("r", "ask('assign')", "Hand over", tooltip="Give the marked follow-up to somebody else to do",
                id="kept.assign"),
        Binding("y", "copy", "Copy", tooltip="Copy the marked row to the clipboard", id="kept.copy"),
    ]  # fmt: skip

    @dataclass
    class Asked(Message):
        """Something is to be done to a follow-up: done, snooze or assign."""

        what: str
        follow_up_id: str
        about: str

    def __init__(self) -> None:
        """An empty list."""
        super().__init__("kept")

    def see(self, page: PatientPage) -> None:
        """Show what a page has."""
        rows = {row.key: row for row in rows_of(page)}
        self.show(tuple(rows), rows)
        self.border_title = "On file"

    def row_lines(self, width: int) -> int:
        """Two where one has no room for all."""
        return 1 if width >= WIDE else 2

    def draw(self, row: Kept, width: int) -> Sequence[Content]:
        """What it is and what it says."""
        label = Content.styled(f"{row.label:<{LABEL}}", MUTED)
        if width >= WIDE:
            between = Content.styled(" · ", MUTED) if row.first.plain and row.rest.plain else Content("")
            return (Content.assemble(label, row.first, between, row.rest),)
        return Content.assemble(label, row.first), Content.assemble(" " * LABEL, row.rest)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Follow-ups can be done and put off."""
        one = self.marked
        if action == "ask":
            return one is not None and one.entity == "follow_up"
        return one is not None if action == "copy" else super().check_action(action, parameters)

    def action_ask(self, what: str) -> None:
        """Ask for something to be done to the marked follow-up."""
        if (one := self.marked) is not None:
            self.post_message(self.Asked(what, one.record_id, one.first.plain))

    def action_copy(self) -> None:
        """Copy the marked row through the terminal."""
        if one := self.marked:
            self.app.copy_to_clipboard(f"{one.label}\t{one.first.plain}\t{one.rest.plain}")
            self.notify("The row is on the clipboard.", markup=False, timeout=2)


def rows_of(page: PatientPage) -> Iterator[Kept]:
    """The rows of a page, what holds today before what has ended."""
    yield _patient(page)
    current = [one for one in page.coverages if one.state != "ended"]
    if not any(one.state != "ahead" for one in current):
        yield Kept("coverage", "", "Coverage", Content.styled("none today", LACKS), hint("enter adds it"))
    yield from map(_coverage, current)
    yield from benefits_rows(page)
    if page.open_case is None:
        yield Kept("case", "", "Case", Content.styled("none open", LACKS), hint("enter opens one"))
    else:
        yield _case(page.open_case)
    yield _month(page)
    yield from (_follow_up(one, page) for one in page.follow_ups)
    yield from (claim_row(row, page) for row in page.claims)
    yield from attached_rows(page)
    yield from map(_coverage, page.coverages[len(current) :])
    yield from lapsed_rows(page)
    yield from (_case(one) for one in page.cases if one is not page.open_case)


def _patient(page: PatientPage) -> Kept:
    one = page.patient
    reached = [part for part in (one.phone, one.address) if part]
    facts = (
        ("Name", one.display_name),
        ("Birth date", f"{format_us(one.birth_date)}, {page.age} years"),
        ("Chart number", one.chart_number),
        ("Language", one.language),
        ("Gender", one.gender),
        ("Phone", one.phone),
        ("Address", one.address),
    )
    return Kept(
        "patient",
        one.id,
        "Reached",
        Content(shown(reached[0])) if reached else Content.styled("no phone, no address", LACKS),
        Content.styled(shown(reached[1]), MUTED) if len(reached) > 1 else Content(""),
        tuple(Fact(label, paragraph(value)) for label, value in facts if value),
    )


def _coverage(one: Cover) -> Kept:
    cover = one.coverage
    style = {"billed": "bold", "in force": ""}.get(one.state, MUTED)
    words = {"billed": "pays today", "in force": "in force, behind it"}.get(one.state, one.state)
    lasts = span(cover)
    rest = " · ".join(part for part in (cover.member_id, lasts, words) if part)
    facts = (
        ("Payer", cover.payer_name),
        ("Member id", cover.member_id),
        ("Holds", lasts or "open at both ends"),
        ("Today", words),
    )
    return Kept(
        "coverage",
        cover.id,
        "Coverage",
        Content.styled(shown(cover.payer_name), style),
        Content.styled(shown(rest), MUTED),
        tuple(Fact(label, paragraph(value)) for label, value in facts),
    )


def _case(one: DocumentedCase) -> Kept:
    case = one.case
    signs = Content.assemble(
        *(("■", "$text-success") if point.present else ("□", LACKS) for point in one.checklist)
    )
    since = f"closed {format_us(case.closed_on)}" if case.closed_on else f"since {format_us(case.opened_on)}"
    lacking = ", ".join(point.title.lower() for point in one.missing)
    rest = Content.styled(f"lacks {lacking}", LACKS) if lacking else Content.styled("documented", MUTED)
    return Kept(
        "case",
        case.id,
        "Case",
        Content.assemble((since, MUTED if case.closed_on else "bold"), "  ", signs),
        Content.styled(rest.plain, MUTED) if case.closed_on else rest,
        tuple(_case_facts(one)),
    )


def _case_facts(one: DocumentedCase) -> Iterator[Fact]:
    case = one.case
    ends = f", closed {format_us(case.closed_on)}: {case.close_reason}" if case.closed_on else ""
    yield Fact("Case", paragraph(f"opened {format_us(case.opened_on)}{ends}"))
    for barrier in one.barriers:
        yield Fact("Barrier", paragraph(barrier))
    for point in one.checklist:
        said = one.evidence if point.field == "outcomes" else getattr(case, point.field)
        sign = ("■ ", "$text-success") if point.present else ("□ ", LACKS)
        words = paragraph(said) if said else Content.styled("missing", LACKS)
        yield Fact(SHORT.get(point.field, point.title), Content.assemble(sign, words))
    if case.consent:
        yield Fact("Consent", paragraph(case.consent))
    npi = f", NPI {case.treating_dentist_npi}" if case.treating_dentist_npi else ""
    if case.treating_dentist or npi:
        yield Fact("Treating dentist", paragraph(f"{case.treating_dentist}{npi}".lstrip(", ")))
    yield Fact("Activities", Content(str(one.activities)))


def _month(page: PatientPage) -> Kept:
    name = MONTH_NAMES[page.month.month - 1]
    this = page.month.contains(page.pulse.today)
    label = name if page.month.year == page.pulse.today.year else f"{name[:3]} {page.month.year}"
    done = format_minutes(page.minutes) if page.activities else "nothing logged"
    rest = f"in {counted(page.activities, 'activity')}" if page.activities else ""
    return Kept(
        "month",
        str(page.month),
        label,
        Content.styled(done, "bold" if page.activities else MUTED),
        Content.styled(rest + (", so far" if this and rest else ""), MUTED),
        (Fact(page.month.title, Content(" ".join(part for part in (done, rest) if part))),),
    )


def _follow_up(one: Aged, page: PatientPage) -> Kept:
    row = one.row
    due = format_short(row.due_date, page.pulse.today)
    facts = (
        ("To do", row.what),
        ("Due", f"{format_us(row.due_date)}, {age_words(one)}"),
        ("Who", row.assigned_to),
    )
    return Kept(
        "follow_up",
        row.id,
        "Follow-up",
        Content.assemble((f"{age_words(one)}  ", STYLES.get(one.state, "")), shown(row.what)),
        Content.styled(shown(f"{due} · {row.assigned_to}"), MUTED),
        tuple(Fact(label, paragraph(value)) for label, value in facts),
    )
