"""What the lane answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from casemgr.core.entry import Entry
    from casemgr.errors import CasemgrError
    from casemgr.services.changes import Pulse
    from casemgr.services.desk import Desk
    from casemgr.services.timers import Timing
    from casemgr.services.today import DayView
    from casemgr.tui.activity_fields import Sheet
    from casemgr.tui.screens.form import Form
    from casemgr.tui.screens.pick import Option


@dataclass
class Viewed(Message):
    """A day as it stands."""

    view: DayView


@dataclass
class Pulsed(Message):
    """Where the ledger stands, what day it is, what is being timed, and whether the data file is damaged."""

    pulse: Pulse
    timing: Timing | None
    damaged: bool


@dataclass
class Go(Message):
    """Another screen is wanted."""

    place: str
    """Its name in PLACES."""
    at: str = ""
    """The record that is meant there: its id or number."""


@dataclass
class LineRead(Message):
    """How the one line is understood."""

    text: str
    """The line that was read; by now another may stand there."""
    entry: Entry
    outcome: str
    """The label of the outcome that its words mean; empty where they fit none."""


@dataclass
class Saved(Message):
    """An activity was saved."""

    text: str
    """The line that it came from."""
    activity_id: str
    day: date
    """The service date."""
    at: str
    """When, as HH:MM:SS in the practice's time zone."""
    words: str
    """What was saved, in one line."""
    warnings: tuple[str, ...]


@dataclass
class LineRefused(Message):
    """A line cannot be saved; it is kept."""

    text: str
    error: CasemgrError


@dataclass
class Acted(Message):
    """Something else was done."""

    did: str
    """One word for it: undone, redone, done, snoozed."""
    at: str
    """When, as HH:MM:SS in the practice's time zone."""
    words: str
    """What was done, in one line."""
    record_id: str = ""
    """Which record it was done to, where it is one."""
    warnings: tuple[str, ...] = ()


@dataclass
class LineTimed(Message):
    """A timer was started on what a half-typed line says."""

    text: str
    used: bool
    """Whether the timer took all that the line says, so that nothing is lost with it."""
    acted: Acted


@dataclass
class LooksForgotten(Message):
    """A timer runs, and nobody has given a sign for long."""

    about: str
    """What it times, in one line."""
    since: int
    """When who acts last gave a sign, in microseconds."""
    seen: str
    """That moment in words, such as `10:05` or `17:12 yesterday`."""
    then: str
    """What it stood at at that moment, such as `20 min`."""
    now: str
    """What it stands at now."""
    fits: bool
    """Whether that is not too long for one activity."""


@dataclass
class Quiet(Message):
    """Something was done that nobody needs to be told of."""


@dataclass
class DraftFound(Message):
    """What was written and not saved, by field; nothing where there is none."""

    body: dict[str, str]
    at: str
    """When it was kept."""


@dataclass
class FormReady(Message):
    """A form with what its fields hold now."""

    form: Form
    at: str = ""
    """The field to begin with; empty for the first empty one."""


@dataclass
class Picks(Message):
    """What fits what is typed."""

    typed: str
    options: tuple[Option, ...]


@dataclass
class Settled(Message):
    """What a picker's text names, or why it names nothing."""

    field: str
    typed: str
    """The text that was read; by now another may stand there."""
    found: Option | None
    error: CasemgrError | None
    going_on: bool
    """Whether the next field is wanted."""


@dataclass
class ActivityBegun(Message):
    """What the activity form begins with."""

    sheet: Sheet


@dataclass
class LadderSeen(Message):
    """The attempts to reach a patient so far."""

    patient_id: str
    kind: str
    words: str
    """The attempts, one a line; empty where there are none."""
    values: dict[str, str]
    """What the next attempt begins with, by field."""


@dataclass
class TemplateFilled(Message):
    """A note from a template, with holes where nothing is known."""

    text: str


@dataclass
class EditorReady(Message):
    """How a text is edited outside."""

    field: str
    command: tuple[str, ...]
    """The program and its arguments; empty where there is none."""
    folder: Path
    """Where the text may lie meanwhile."""


@dataclass
class Opened(Message):
    """Somebody has a desk now: a new practice's, the demo's, or one that was unlocked."""

    desk: Desk


@dataclass
class Shut(Message):
    """The data cannot be used as it was opened: it has another key, or something is wrong with it."""

    error: CasemgrError


@dataclass
class Refused(Message):
    """Something could not be done; nothing was changed."""

    error: CasemgrError


@dataclass
class Faulted(Message):
    """The program itself failed."""

    error: Exception
