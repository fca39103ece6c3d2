"""What a look at the installation and the practice's files finds, one line each, with what to do about it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class State(StrEnum):
    """How something stands; the gravest last."""

    OK = "ok"
    UNKNOWN = "unknown"
    """It cannot be told: the practice is locked, or the system does not say."""
    ADVICE = "advice"
    """Nothing is lost or open to others yet, and something should be done."""
    TROUBLE = "trouble"
    """Data can be lost or read by others, or cannot be opened."""


class Checked(NamedTuple):
    """One thing that was looked at."""

    state: State
    said: str
    """What was found, without patients' names."""
    todo: str = ""
    """What to do, one line each, where something is to be done."""
    name: str = ""
    """Its id, such as `backups`: the list of all checks gives it."""


def gravest(checks: Iterable[Checked]) -> State:
    """The state of the whole."""
    order = list(State)
    return max((each.state for each in checks), key=order.index, default=State.OK)
