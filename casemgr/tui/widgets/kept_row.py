"""A row of what is kept about a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from textual.content import Content

if TYPE_CHECKING:
    from casemgr.tui.widgets.facts import Fact

Entity = Literal[
    "patient",
    "coverage",
    "verification",
    "authorization",
    "case",
    "month",
    "follow_up",
    "claim",
    "attachment",
]

MUTED, LACKS = "$foreground-muted", "$text-warning"


class Kept(NamedTuple):
    """A row: what it is, what it says first, and what else."""

    entity: Entity
    record_id: str
    """Of a claim its number; empty where there is nothing yet, so that enter adds it."""
    label: str
    first: Content
    rest: Content
    facts: tuple[Fact, ...] = ()
    """All of it, for where there is room."""

    @property
    def key(self) -> str:
        """What tells it from other rows."""
        return f"{self.entity} {self.record_id}"


def hint(words: str) -> Content:
    """What enter does where there is nothing yet."""
    return Content.styled(words, MUTED)
