"""A patient on one page: who, what stands in the way, what is kept, and all that was done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.getters import query_one

from casemgr.tui import jobs_log, jobs_patients
from casemgr.tui.commands import hidden
from casemgr.tui.jobs_log import RowsRead, WholeRead
from casemgr.tui.jobs_patients import PatientGone, PatientSeen
from casemgr.tui.months import Months
from casemgr.tui.notices import tell_error
from casemgr.tui.screens.history import HistoryScreen
from casemgr.tui.screens.patient_deeds import PatientDeeds
from casemgr.tui.widgets.detail import WholeDetail, facts
from casemgr.tui.widgets.facts import Fact
from casemgr.tui.widgets.kept import KeptList
from casemgr.tui.widgets.timeline import Timeline
from casemgr.tui.widgets.who import Who

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from casemgr.tui.seat import Seat

FIRST = ("Outcome", "Note")
"""What of an activity is shown before all else."""


class PatientScreen(PatientDeeds):
    """A patient's page over the list of patients."""

    PLACE = "patients"
    CSS_PATH = "patient.tcss"
    HELP = (
        "All about one patient. What is kept stands above or to the left, the activities below it or to the "
        "right; tab goes from one to the other, enter opens what is marked. ≠ names others of this name."
    )
    BINDING_GROUP_TITLE = "Patient"
    BINDINGS: ClassVar[list[BindingType]] = [
        hidden("h", "history", "History", "Show all that was done to what is marked", "patient.history"),
        hidden("v", "voided", "Voided", "Show voided activities too, or hide them", "patient.voided"),
        hidden("left_square_bracket", "step(-1)", "Month before", "Sum up the month before",
               "patient.before", "["),
        hidden("right_square_bracket", "step(1)", "Month after", "Sum up the month after", "patient.after",
               "]"),
        hidden("0", "present", "This month", "Sum up the present month again", "patient.present"),
    ]  # fmt: skip

    kept = query_one(KeptList)
    timeline = query_one(Timeline)

    def __init__(self, seat: Seat, patient_id: str, at: str = "") -> None:
        """Of a patient; `at` is what is meant there: `case.plan`, `coverage`."""
        super().__init__(seat, patient_id)
        self._at = at
        self._months = Months(seat)
        self._voided = False

    def body(self) -> ComposeResult:
        """Who above; what is kept and what was done beside or below each other; the marked one in full."""
        yield Who(id="who")
        with Horizontal(id="record"):
            yield KeptList()
            with Vertical(id="done"):
                yield Timeline()
                yield WholeDetail()

    def on_mount(self) -> None:
        """Begin at what was done."""
        self.set_focus(self.timeline)
        self.look()

    # Reading

    def look(self) -> None:
        """Have the page read anew."""
        job = partial(
            jobs_patients.look_at, patient_id=self.patient_id, month=self._months.shown, voided=self._voided
        )
        self.ask(job, replaces="patient")

    @on(PatientSeen)
    def _patient_seen(self, message: PatientSeen) -> None:
        self.seen, self.pulse = message.page, message.page.pulse
        self.query_one(Who).tell(message.page)
        self.kept.see(message.page)
        self.timeline.see(message.page, self._voided)
        self._tell_marked()
        self.refresh_bindings()
        if at := self._at:
            self._at = ""
            self.go_to(at)

    @on(PatientGone)
    def _patient_gone(self, message: PatientGone) -> None:
        tell_error(self, message.why)
        self.dismiss(None)

    @on(Timeline.Wanted, "#timeline")
    def _wanted(self, message: Timeline.Wanted) -> None:
        self.ask(partial(jobs_log.read_rows, ids=message.keys), replaces="rows")

    @on(RowsRead)
    def _rows_read(self, message: RowsRead) -> None:
        self.timeline.fill(message.rows)

    @on(Timeline.Moved)
    def _moved(self, message: Timeline.Moved) -> None:
        if message.listing.has_focus or message.listing is self.timeline:
            self._tell_marked()

    def on_descendant_focus(self) -> None:
        """Below stands what is marked in the list that has the focus."""
        self._tell_marked()

    def _tell_marked(self) -> None:
        detail = self.query_one(WholeDetail)
        if self.kept.has_focus:
            one = self.kept.marked
            detail.say(one.facts if one is not None else ())
        elif detail.has_focus:
            return
        elif key := self.timeline.key:
            self.ask(partial(jobs_log.read_whole, activity_id=key), replaces="whole")
        else:
            detail.tell(None)

    @on(WholeRead)
    def _whole_read(self, message: WholeRead) -> None:
        if message.whole.row.id == self.timeline.key and not self.kept.has_focus:
            # Whose it is stands above, and how it stands in the list; outcome and note are read most.
            _, what, *rest = facts(message.whole)
            told = [part for part in rest if isinstance(part, Fact)]
            told.sort(key=lambda fact: fact.label not in FIRST)
            self.query_one(WholeDetail).say((what, *told))

    def action_voided(self) -> None:
        """Show voided activities too, or hide them."""
        self._voided = not self._voided
        self.look()

    def action_step(self, months: int) -> None:
        """Sum up another month."""
        self._months.step(months)
        self.look()

    def action_present(self) -> None:
        """Sum up the present month."""
        self._months.present()
        self.look()

    # What is meant

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The patient's page is this one; history needs something that has one."""
        if action == "patient":
            return False
        if action == "history":
            return bool(self._marked()[1])
        return super().check_action(action, parameters)

    def _marked(self) -> tuple[str, str]:
        """Entity and id of what is marked where the focus is; the patient where it is nothing else."""
        if self.timeline.has_focus and self.timeline.key:
            return "activity", self.timeline.key
        one = self.kept.marked
        if self.kept.has_focus and one is not None and one.record_id and one.entity not in {"month", "claim"}:
            return one.entity, one.record_id
        return "patient", self.patient_id

    def action_history(self) -> None:
        """Show the history of what is marked."""
        self.open(HistoryScreen(self.seat, *self._marked()))

    @on(KeptList.Chosen, "#kept")
    def _open_marked(self) -> None:
        if (one := self.kept.marked) is not None:
            self.open_kept(one)
