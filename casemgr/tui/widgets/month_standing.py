"""How a month stands, in words: open or closed, what stands against closing it, what changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from casemgr.core.dates import format_us
from casemgr.core.month_figures import figure_name, figure_words
from casemgr.tui.text import shown
from casemgr.tui.widgets.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from casemgr.services.month_standing import Hindrance
    from casemgr.services.month_view import MonthView

TODO = {
    "drafts": "sign them in the log",
    "rejected": "mend them in their workbook, and import that",
    "to_draft": "D drafts the claims",
    "draft_claims": "make them ready under Claims (5)",
    "faulty_claims": "each claim says where to mend it (5)",
}
"""What to do here about an error that stands against closing, by its id; else the service says it."""


def state_of(view: MonthView) -> tuple[str, str]:
    """Open or closed, and its style."""
    return ("CLOSED", "bold $text-success") if view.state.closed else ("OPEN", "bold $text-accent")


def reason_needed(view: MonthView) -> bool:
    """Whether the month can only be closed with a reason now."""
    return bool(view.standing.errors) or view.pulse.today < view.month.last


def standing_of(view: MonthView) -> Iterator[Fact]:
    """The state of a month, fact by fact."""
    state = view.state
    if state.closed:
        why = f": “{state.reason}”" if state.reason else ""
        yield Fact("Closed", Content.assemble(f"{state.on} by {shown(state.by)}{shown(why)}"))
        if state.taken_with:
            yield Fact("Taken with", Content.styled(", ".join(state.taken_with), "$text-warning"))
        if view.differing:
            changes = "; ".join(
                f"{figure_name(name).lower()} {figure_words(name, now)}, then {figure_words(name, was)}"
                for name, (was, now) in view.differing.items()
            )
            yield Fact("Changed since", Content.styled(changes, "$text-error"))
        return
    if state.reason:
        yield Fact("Reopened", Content(shown(f"“{state.reason}”")))
    errors, warnings = view.standing.errors, view.standing.warnings
    if errors:
        yield Fact("In the way", Content.styled(_counts(errors), "$text-error"))
    elif not view.activities:
        yield Fact("Closing", Content.styled("nothing is logged", "$foreground-muted"))
    elif view.pulse.today < view.month.last:
        words = f"it ends on {format_us(view.month.last)}"
        yield Fact("Closing", Content.styled(words, "$foreground-muted"))
    else:
        yield Fact("Closing", Content.styled("nothing stands against it: l closes it", "$text-success"))
    if warnings:
        yield Fact("Look at", Content.styled(_counts(warnings), "$text-warning"))


def closing_words(view: MonthView) -> str:
    """What is said before a month is closed: what it means, and what stands against it."""
    lines = ["After that nobody changes its activities or what its claims bill."]
    if view.pulse.today < view.month.last:
        lines.append(f"It ends on {format_us(view.month.last)}: what is logged later is billed later.")
    lines.append("")
    if errors := view.standing.errors:
        lines += ["These errors stand:", *(f"· {one.words}: {TODO.get(one.id, one.todo)}" for one in errors)]
    if warnings := view.standing.warnings:
        lines.append(f"Look at {_counts(warnings)}.")
    if errors or warnings:
        lines.append("")
    lines.append("Why is it closed all the same?" if reason_needed(view) else "A reason may be given.")
    return "\n".join(lines)


def _counts(found: Iterable[Hindrance]) -> str:
    return " · ".join(one.words for one in found)
