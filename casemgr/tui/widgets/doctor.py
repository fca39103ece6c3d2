"""How program, files and backups stand, and what is to be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from casemgr.tui.text import shown
from casemgr.tui.widgets.facts import Fact
from casemgr.tui.widgets.settings import ReadPane

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casemgr.core.health import Checked

STYLES = {
    "ok": "$text-success",
    "unknown": "$foreground-muted",
    "advice": "$text-warning",
    "trouble": "bold $text-error",
}


class DoctorPane(ReadPane):
    """What was looked at, the gravest first."""

    HELP = (
        "How program, data, backups, passphrases, files and disk stand, the gravest first, and what to type "
        "where something should be done, as `casemgr doctor` tells it. The arrows scroll."
    )
    BINDING_GROUP_TITLE = "Check-up"

    def show(self, checks: Iterable[Checked]) -> None:
        """Show what was found."""
        order = list(STYLES)
        gravest_first = sorted(checks, key=lambda each: -order.index(each.state))
        self.facts.parts = [fact(each) for each in gravest_first]


def fact(found: Checked) -> Fact:
    """What was found, its state in front, and below it what to do."""
    state = Content.styled(f"{found.state}  ", STYLES[found.state])
    todo = "".join(f"\n→ {line}" for line in found.todo.splitlines())
    lines = "\n".join(shown(line) for line in f"{found.said}{todo}".splitlines())
    return Fact(found.name.replace("_", " "), Content.assemble(state, lines))
