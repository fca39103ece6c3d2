"""How the one line is understood, before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from casemgr.core.dates import format_short
from casemgr.core.methods import method_label
from casemgr.core.minutes import format_minutes
from casemgr.tui.text import shown

if TYPE_CHECKING:
    from datetime import date

    from casemgr.core.entry import Entry
    from casemgr.core.head import Problem

HINT = "minutes kind patient (birth year or #chart): note => outcome !date what"
_ASKED = {"minutes": "minutes", "kind": "kind", "patient": "patient", "outcome": "=> outcome"}
_URGENT = ("line", "patient", "date", "start", "method", "minutes", "kind", "follow_up", "outcome")
"""What a wrong line is told first: the wrong patient is the worst error."""


class Preview(Static):
    """Patient, kind, minutes and date; then what stands against saving; then what came of it."""

    guide = ""
    """What is to be done, for whoever begins; it stands there while nothing is typed."""

    def rest(self, words: str = "") -> None:
        """Nothing is typed: show what was done last, else how a line looks."""
        done = Content.assemble(("✓ ", "$text-success"), (shown(words), "$foreground-muted"))
        if words:
            self.update(Content("\n").join([done, Content(self.guide)]) if self.guide else done)
        else:
            self.update(Content(self.guide) or Content.styled(HINT, "$foreground-disabled"))

    def read(self, entry: Entry, outcome: str, today: date, refused: bool, kept_at: str = "") -> None:
        """Show a line as understood.

        Args:
            entry: the line as far as it goes.
            outcome: the label of its outcome, or empty.
            today: the date in the practice's time zone.
            refused: saving was tried, so that what is missing is told in full.
            kept_at: when it was kept, where it was found half typed.
        """
        kept = (
            Content.styled(f"half typed {kept_at}, and not saved", "$text-warning")
            if kept_at
            else Content("")
        )
        rest = [part for part in (kept, self._rest(entry, outcome, today)) if part.plain]
        lines = [self._head(entry, today), *self._problems(entry, refused), _spread(rest)]
        self.update(Content("\n").join([line for line in lines if line.plain]))

    def _head(self, entry: Entry, today: date) -> Content:
        patient = (
            Content.assemble((shown(entry.patient.label), "bold $text"))
            if entry.patient
            else Content.styled("who?", "$foreground-disabled")
        )
        when = format_short(entry.service_date, today) + (f" {entry.start}" if entry.start else "")
        facts = [
            patient,
            Content(shown(entry.kind_title))
            if entry.kind
            else Content.styled("kind?", "$foreground-disabled"),
            Content(format_minutes(entry.minutes))
            if entry.minutes
            else Content.styled("minutes?", "$foreground-disabled"),
            Content.styled(when, "" if entry.service_date == today else "bold $text-warning"),
        ]
        if entry.method:
            facts.append(Content(shown(method_label(entry.method))))
        if not entry.problems:
            facts.append(Content.styled("✓", "bold $text-success"))
        return _spread(facts)

    def _rest(self, entry: Entry, outcome: str, today: date) -> Content:
        facts = []
        if entry.outcome_words:
            named = outcome or "other"
            facts.append(
                Content.assemble(
                    ("→ ", "$text-accent"),
                    (shown(entry.outcome_words), "bold"),
                    (
                        f" ({shown(named)})" if named.lower() != entry.outcome_words.lower() else "",
                        "$foreground-muted",
                    ),
                )
            )
        for each in entry.follow_ups:
            due = format_short(each.due_date, today)
            facts.append(Content.assemble((f"↻ {due} ", "$text-accent"), shown(each.what)))
        if entry.note:
            facts.append(Content.styled(f"“{shown(entry.note)}”", "$foreground-muted"))
        return _spread(facts)

    def _problems(self, entry: Entry, refused: bool) -> list[Content]:
        """The most urgent problem with its candidates; what has simply not been typed yet is only named."""
        if not entry.problems:
            return []
        first, *others = sorted(entry.problems, key=lambda problem: _URGENT.index(problem.field))
        if not refused and all(_missing(entry, problem) for problem in entry.problems):
            asked = ", ".join(_ASKED[problem.field] for problem in entry.problems)
            return [Content.styled(f"╰ still to come: {asked}", "$foreground-muted")]
        style = "$text-error" if refused else "$text-warning"
        lines = [Content.assemble(("╰ ", style), (shown(first.message), style))]
        if first.candidates:
            lines.append(Content.styled("  " + "   ".join(map(shown, first.candidates)), "$text"))
        if others:
            named = ", ".join(dict.fromkeys(_ASKED.get(problem.field, problem.field) for problem in others))
            lines[-1] = Content.assemble(
                lines[-1], (f"   · also: {named.replace('_', '-')}", "$foreground-muted")
            )
        return lines


def _missing(entry: Entry, problem: Problem) -> bool:
    """Whether a problem is only that something has not been typed yet."""
    if problem.candidates:
        return False
    given = {
        "outcome": entry.outcome_words,
        "kind": entry.kind,
        "minutes": entry.minutes,
        "patient": entry.patient,
    }
    return problem.field in given and not given[problem.field] and problem.message.startswith("Write")


def _spread(facts: list[Content]) -> Content:
    return Content("   ").join(facts)
