"""What can be done on a patient's page: forms for the patient, the cover, the case and what is to be done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from casemgr.core.dates import format_us
from casemgr.services.coverages import span
from casemgr.tui import forms_billing, forms_case, forms_patient
from casemgr.tui.messages import FormReady, Go
from casemgr.tui.screens.follow_up_acts import ask_for
from casemgr.tui.screens.form import FormScreen
from casemgr.tui.screens.menu import Answer, MenuScreen
from casemgr.tui.screens.page import About, Page
from casemgr.tui.screens.pick import Option, PickScreen
from casemgr.tui.widgets.kept import KeptList
from casemgr.tui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from casemgr.services.patient_page import PatientPage
    from casemgr.tui.seat import Seat
    from casemgr.tui.widgets.kept_row import Kept

ADD = (
    Answer("n", "Activity"),
    Answer("f", "Follow-up"),
    Answer("i", "Insurance: another coverage"),
    Answer("b", "Benefits: what the payer said"),
    Answer("u", "Authorization"),
    Answer("c", "Case"),
)

CASE = (Answer("e", "Complete or correct it"), Answer("c", "Close it"))


class PatientDeeds(Page):
    """The deeds of a patient's page; what it shows is read elsewhere."""

    BINDING_GROUP_TITLE = "Patient"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back", key_display="esc", tooltip="Back to all patients",
                id="patient.back"),
        Binding("e", "edit", "Edit", tooltip="Change name, language, phone and the like", id="patient.edit"),
        Binding("a", "add", "Add", tooltip="Add an activity, a follow-up, insurance, benefits, a case",
                id="patient.add"),
        Binding("c", "case", "Case", tooltip="Open, complete or close the case", id="patient.case"),
        Binding("i", "insurance", "Insurance", tooltip="Add, change or end a coverage",
                id="patient.insurance"),
    ]  # fmt: skip

    def __init__(self, seat: Seat, patient_id: str) -> None:
        """On a patient."""
        super().__init__(seat)
        self.patient_id = patient_id
        self.seen: PatientPage | None = None
        """The page as it was read last."""

    def about(self) -> About:
        """The patient."""
        return About(self.patient_id)

    @on(FormReady)
    def _form_ready(self, message: FormReady) -> None:
        self.open(FormScreen(self.seat, message.form, message.at))

    @on(Timeline.Chosen, "#timeline")
    def _amend(self, message: Timeline.Chosen) -> None:
        from casemgr.tui.screens.activity import ActivityScreen

        self.open(ActivityScreen(self.seat, amend=message.key))

    def open_kept(self, one: Kept) -> None:
        """Open what a row stands for, or the form for what is not there yet."""
        if one.entity == "patient":
            self.action_edit()
        elif one.entity == "coverage":
            self._open_cover(one.record_id)
        elif one.entity == "verification":
            self.ask(partial(forms_billing.verifying, patient_id=self.patient_id))
        elif one.entity == "authorization":
            job = partial(forms_billing.authorization_editing, authorization_id=one.record_id)
            self.ask(partial(job, patient_id=self.patient_id))
        elif one.entity == "attachment":
            self._open_file(one.record_id)
        elif one.entity == "case":
            self._open_case(one.record_id)
        elif one.entity == "claim":
            self.post_message(Go("claims", one.record_id))
        elif one.entity == "month":
            self.post_message(Go("month", one.record_id))
        else:
            from casemgr.tui.screens.activity import ActivityScreen

            self.open(ActivityScreen(self.seat, follow_up_id=one.record_id))

    @on(KeptList.Asked)
    def _asked(self, message: KeptList.Asked) -> None:
        ask_for(self, message.what, (message.follow_up_id,), message.about)

    def action_edit(self) -> None:
        """Open the form for what is kept about the patient."""
        self.ask(partial(forms_patient.editing, patient_id=self.patient_id))

    def action_add(self) -> None:
        """Ask what is to be added."""
        self.app.push_screen(MenuScreen("Add", "", ADD), self._adding)

    def _adding(self, answer: str | None) -> None:
        if answer == "n":
            self.action_new()
        elif answer == "f":
            self.ask(partial(forms_patient.reminding, patient_id=self.patient_id))
        elif answer == "i":
            self._open_cover("")
        elif answer == "b":
            self.ask(partial(forms_billing.verifying, patient_id=self.patient_id))
        elif answer == "u":
            self.ask(partial(forms_billing.authorizing, patient_id=self.patient_id))
        elif answer == "c":
            self._open_case("")

    def _open_file(self, attachment_id: str) -> None:
        """Go to the claim of a file; one of the chart alone has none."""
        if self.seen is None:
            return
        claim_id = next(one.claim_id for one in self.seen.attachments if one.id == attachment_id)
        if number := next((row.number for row in self.seen.claims if row.id == claim_id), ""):
            self.post_message(Go("claims", number))

    def action_insurance(self) -> None:
        """Open the coverage, ask which of several, or add the first."""
        held = [one.coverage for one in self.seen.coverages] if self.seen else []
        if len(held) < 2:
            self._open_cover(held[0].id if held else "")
            return
        options = [
            Option(
                each.id, each.payer_name, " · ".join(part for part in (each.member_id, span(each)) if part)
            )
            for each in held
        ]
        self.app.push_screen(PickScreen("Which coverage?", options), self._cover_picked)

    def _cover_picked(self, option: Option | None) -> None:
        if option is not None:
            self._open_cover(option.key)

    def _open_cover(self, coverage_id: str) -> None:
        """Open a coverage's form, or that for a new one."""
        if coverage_id:
            job = partial(forms_patient.cover_editing, patient_id=self.patient_id, coverage_id=coverage_id)
        else:
            job = partial(forms_patient.covering, patient_id=self.patient_id)
        self.ask(job)

    def action_case(self) -> None:
        """Open a case, or ask what is to be done with the one that is open."""
        case = self.seen.open_case if self.seen else None
        if case is None:
            self._open_case("")
            return
        words = f"Open since {format_us(case.case.opened_on)}."
        self.app.push_screen(MenuScreen("Case", words, CASE), partial(self._case_asked, case.case.id))

    def _case_asked(self, case_id: str, answer: str | None) -> None:
        if answer == "e":
            self._open_case(case_id)
        elif answer == "c":
            self.ask(partial(forms_case.closing, case_id=case_id))

    def _open_case(self, case_id: str, at: str = "") -> None:
        """Open a case's form, or that for a new one, at a field where one is meant."""
        if case_id:
            self.ask(partial(forms_case.editing, case_id=case_id, at=at))
        else:
            self.ask(partial(forms_case.opening, patient_id=self.patient_id, at=at))

    def go_to(self, at: str) -> None:
        """Open what somebody was sent here for."""
        what, _, field = at.partition(".")
        page = self.seen
        if what == "case" and page is not None:
            self._open_case(page.cases[0].case.id if page.cases else "", field)
        elif what == "coverage":
            self.action_insurance()
