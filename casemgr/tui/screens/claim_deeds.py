"""What can be done on a claim's page: the steps of its life, what goes with it, and its papers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from casemgr.tui import forms_billing, forms_claim, jobs_claims
from casemgr.tui.folders import show_folder
from casemgr.tui.jobs_claims import Copied, Printed
from casemgr.tui.messages import FormReady, Go
from casemgr.tui.screens.ask import AskScreen
from casemgr.tui.screens.form import FormScreen
from casemgr.tui.screens.menu import Answer, MenuScreen
from casemgr.tui.screens.page import About
from casemgr.tui.screens.releasing import Releasing

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.core.findings import Mend
    from casemgr.services.claim_page import ClaimPage
    from casemgr.services.releases import ReleaseWish
    from casemgr.tui.seat import Seat

STEPS = {
    "r": ("ready", "Make it ready to be sent"),
    "s": ("submit", "Submit: it was sent to the payer"),
    "a": ("accept", "Accepted: the payer took it in"),
    "p": ("pay", "Paid: the payer's answer, line by line"),
    "d": ("deny", "Denied: all of it, for one reason"),
    "l": ("appeal", "Appeal the denial"),
    "c": ("correct", "Correct it, to be sent again"),
    "w": ("write off", "Write off what is open, or part of it"),
    "x": ("close", "Close: nothing more is expected"),
    "o": ("reopen", "Open it again"),
}
"""The letter of each step, its verb in core.claim_life.MOVES, and what it means."""
NEXT = Answer("n", "Next step: what is to be done, and when")
ADD = (
    Answer("f", "File: a referral letter, an EOB, a call record"),
    Answer("b", "Benefits: what the payer said"),
    Answer("u", "Authorization"),
    Answer("p", "Payment by the patient"),
)


class ClaimDeeds(Releasing):
    """The deeds of a claim's page; what it shows is read elsewhere."""

    BINDING_GROUP_TITLE = "Claim"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Claims", key_display="esc", tooltip="Back to the claims", id="claim.back"),
        Binding("o", "onward", "Onward", tooltip="Take the next step: ready, sent, paid, denied, …",
                id="claim.onward"),
        Binding("a", "add", "Add", tooltip="Add a file, benefits, an authorization, a payment",
                id="claim.add"),
        Binding("e", "edit", "Edit", tooltip="Change diagnoses, authorization or place of service",
                id="claim.edit"),
        Binding("P", "print", "Print", tooltip="Print its documentation as PDF", id="claim.print"),
        Binding("K", "packet", "Packet", tooltip="Print it with all that goes with it", id="claim.packet"),
        Binding("L", "letter", "Letter", tooltip="Write the appeal letter", id="claim.letter"),
        Binding("y", "remarks", "Copy", tooltip="Copy the text for a remarks box", id="claim.remarks"),
        Binding("x", "void", "Void", tooltip="Take the claim back, with a reason", id="claim.void"),
        Binding("h", "history", "History", tooltip="Show what was done to the claim", id="claim.history"),
        Binding("O", "folder", "Folder", tooltip="Open the folder of its pages", id="claim.folder"),
    ]  # fmt: skip

    def __init__(self, seat: Seat, number: str) -> None:
        """On the claim of a number."""
        super().__init__(seat)
        self.number = number
        self.seen: ClaimPage | None = None
        """The claim as it was read last."""

    def about(self) -> About:
        """The claim's patient."""
        return About(self.seen.claim.patient_id) if self.seen else About()

    @on(FormReady)
    def _form_ready(self, message: FormReady) -> None:
        self.open(FormScreen(self.seat, message.form, message.at))

    @on(Printed)
    def _printed(self, message: Printed) -> None:
        self.acted(message.acted)

    @on(Copied)
    def _copied(self, message: Copied) -> None:
        self.app.copy_to_clipboard(message.text)
        self.acted(message.acted)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A claim that was taken back is only looked at; some deeds belong to a state."""
        page = self.seen
        if action in {"print", "packet", "remarks", "onward", "add"}:
            return page is not None and not page.claim.voided
        if action in {"edit", "void"}:
            return page is not None and not page.claim.voided and not page.claim.submissions
        if action == "letter":
            return page is not None and bool(page.help.reasons)
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """Back to the claims."""
        self.dismiss(None)

    def action_onward(self) -> None:
        """Ask which of the steps that it may take now."""
        assert self.seen is not None
        possible = {move.verb for move in self.seen.moves}
        answers = [Answer(key, does) for key, (verb, does) in STEPS.items() if verb in possible]
        self.app.push_screen(MenuScreen(f"Claim {self.number}", "", (*answers, NEXT)), self._onward)

    def _onward(self, answer: str | None) -> None:
        if answer is None:
            return
        verb = "next" if answer == NEXT.key else STEPS[answer][0]
        readiness = self.seen.readiness if self.seen else None
        if verb == "ready" and readiness is not None and readiness.ready:
            self.ask(partial(jobs_claims.make_ready, numbers=(self.number,)))
        else:
            self.take(verb)

    def take(self, verb: str) -> None:
        """Open the form of a step."""
        self.ask(partial(forms_claim.moving, number=self.number, verb=verb))

    def action_edit(self) -> None:
        """Open the form for what stands on it besides its lines."""
        self.take("edit")

    def action_add(self) -> None:
        """Ask what is to be added."""
        self.app.push_screen(MenuScreen("Add", "", ADD), self._adding)

    def _adding(self, answer: str | None) -> None:
        assert self.seen is not None
        patient_id = self.seen.claim.patient_id
        if answer == "f":
            self.ask(partial(forms_billing.attaching, number=self.number))
        elif answer == "b":
            self.ask(partial(forms_billing.verifying, patient_id=patient_id))
        elif answer == "u":
            self.ask(partial(forms_billing.authorizing, patient_id=patient_id))
        elif answer == "p":
            self.ask(partial(forms_billing.paying, number=self.number))

    def mend(self, mend: Mend) -> None:
        """Go to where something is put right."""
        assert self.seen is not None
        patient_id = self.seen.claim.patient_id
        if mend.record == "activity":
            self.post_message(Go("log", mend.record_id))
        elif mend.record == "case":
            self.post_message(Go("patients", f"{patient_id}#case.{mend.field}"))
        elif mend.record == "coverage":
            self.post_message(Go("patients", f"{patient_id}#coverage"))
        elif mend.record == "patient":
            self.post_message(Go("patients", patient_id))
        elif mend.record == "verification":
            self.ask(partial(forms_billing.verifying, patient_id=patient_id))
        elif mend.record == "authorization":
            self.ask(partial(forms_billing.authorizing, patient_id=patient_id))
        elif mend.record in {"staff", "practice"}:
            self.post_message(Go("settings", mend.record))
        elif mend.record == "payer":
            self.post_message(Go("codes", mend.record_id))
        elif self.check_action("edit", ()):
            self.take("edit")
        else:
            self.action_onward()

    def action_print(self) -> None:
        """Print its documentation."""
        self.release(partial(self._write_pages, jobs_claims.print_pages))

    def action_packet(self) -> None:
        """Print it with all that goes with it."""
        self.release(partial(self._write_pages, jobs_claims.print_packets))

    def _write_pages(self, pages: Callable[..., Printed], wish: ReleaseWish) -> None:
        self.ask(partial(pages, numbers=(self.number,), wish=wish))

    def action_letter(self) -> None:
        """Ask what the dentist has to say, and write the letter."""
        words = "The letter quotes the signed entries. What else has the dentist to say? It may stay empty."
        self.app.push_screen(
            AskScreen(f"Appeal letter for {self.number}", words, optional=True), self._write_letter
        )

    def _write_letter(self, argument: str | None) -> None:
        if argument is not None:
            self.release(partial(self._write_argued, argument))

    def _write_argued(self, argument: str, wish: ReleaseWish) -> None:
        self.ask(partial(jobs_claims.write_letter, number=self.number, argument=argument, wish=wish))

    def action_remarks(self) -> None:
        """Copy the text for a remarks box."""
        self.ask(partial(jobs_claims.copy_remarks, number=self.number))

    def action_void(self) -> None:
        """Take it back, once a reason is given."""
        words = "Its activities can be amended and claimed again; the claim stays in the record, as voided."
        self.app.push_screen(AskScreen(f"Void claim {self.number}?", words, "why"), self._void_for)

    def _void_for(self, reason: str | None) -> None:
        if reason:
            self.ask(partial(jobs_claims.void, number=self.number, reason=reason))

    def action_history(self) -> None:
        """Show what was done to it."""
        from casemgr.tui.screens.history import HistoryScreen

        assert self.seen is not None
        self.open(HistoryScreen(self.seat, "claim", self.seen.claim.id))

    def action_folder(self) -> None:
        """Open the folder of its pages, or say where it is."""
        if not show_folder(self.seat.exports):
            self.app.copy_to_clipboard(str(self.seat.exports))
            self.notify(
                f"{self.seat.exports}\nIts name is on the clipboard.", title="The pages are in", markup=False
            )
