"""Codes: procedure codes, kinds of activity and payers, each with its page and where that leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.reactive import reactive
from textual.widgets import Static

from casemgr.tui.jobs_codes import Shelved, read_shelf
from casemgr.tui.screens.page import Page
from casemgr.tui.text import shown
from casemgr.tui.widgets.find import FindLine
from casemgr.tui.widgets.lookups import LeadList, LookupList, LookupPage, LookupScroll

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from casemgr.services.lookups import Shelf
    from casemgr.tui.seat import Seat


class CodesScreen(Page):
    """Looking things up; the files are read once, and what is changed in them counts from the next start."""

    PLACE = "codes"
    CSS_PATH = "codes.tcss"
    HELP = (
        "What the codes mean and when to use which, what belongs to each kind of activity, and how each "
        "payer is billed. Type / to find something by any word of its page."
    )
    BINDING_GROUP_TITLE = "Codes"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", "Find", key_display="/", id="codes.find",
                tooltip="Find a code, a kind or a payer by any word"),
        Binding("backspace", "back", "Back", tooltip="Back to what was shown before", id="codes.back"),
    ]  # fmt: skip

    find_line = query_one(FindLine)
    listing = query_one(LookupList)
    page = query_one(LookupPage)
    leads = query_one(LeadList)

    shelf: reactive[Shelf | None] = reactive(None)
    """All that there is."""

    def __init__(self, seat: Seat) -> None:
        """Nothing is read yet."""
        super().__init__(seat)
        self._wanted = ""
        self._before: list[str] = []
        """Keys of what was left by following where it leads."""

    def body(self) -> ComposeResult:
        """The list, and the page beside it."""
        with Horizontal(id="lookup_work"):
            with Vertical(id="shelf_side"):
                yield FindLine("/ finds by any word")
                yield LookupList("lookups")
                yield Static("", id="broken", classes="-none")
            with Vertical(id="page_side"):
                with LookupScroll(id="scroll"):
                    yield LookupPage()
                yield LeadList("leads")

    def on_mount(self) -> None:
        """Begin in the list."""
        self.set_focus(self.listing)
        self.look()

    def look(self) -> None:
        """Read what there is."""
        self.ask(read_shelf, replaces="view")

    @on(Shelved)
    def _shelved(self, message: Shelved) -> None:
        self.pulse = message.pulse
        if message.shelf != self.shelf:
            self.shelf = message.shelf

    def watch_shelf(self, shelf: Shelf | None) -> None:
        """Show all, and say what could not be read."""
        if shelf is None:
            return
        self.narrow(self.find_line.value)
        broken = self.query_one("#broken", Static)
        broken.set_class(not shelf.broken, "-none")
        told = [f"{error.title}\n{error.detail}\n{error.todo}" for error in shelf.broken]
        broken.update(Content("\n".join(shown(row) for words in told for row in words.splitlines() if row)))
        if self._wanted or not self.page.lookup:
            self.arrive(self._wanted or shelf.foremost)

    def arrive(self, at: str) -> None:
        """Show a code by its number, a kind or a payer by its id."""
        self._wanted = at
        if self.shelf is None:
            return
        self._wanted = ""
        if one := self.shelf.get(at):
            self.find_line.value = ""
            self.narrow("")
            self.listing.mark(one.key)

    @on(FindLine.Typed)
    def _typed(self, message: FindLine.Typed) -> None:
        self.narrow(message.text)
        if message.text and self.listing.keys:
            self.listing.at = 1

    def narrow(self, typed: str) -> None:
        """Show what fits."""
        if self.shelf is not None:
            self.listing.show_lookups(self.shelf.find(typed))
            found = f"{self.listing.count} of {len(self.shelf.lookups)}"
            self.listing.border_title = found if typed.strip() else ""

    @on(FindLine.Left)
    def _into(self) -> None:
        self.set_focus(self.listing)

    @on(LookupList.Moved, "#lookups")
    def _moved(self) -> None:
        one = self.listing.marked_row
        if one is None or one != self.page.lookup:
            self.page.lookup = one
            self.query_one(LookupScroll).scroll_home(animate=False)
            leads = {lead.key: lead for lead in one.leads} if one else {}
            self.leads.at = 0
            self.leads.show(tuple(leads), leads)
            self.leads.border_title = f"It leads to · {len(leads)}"
            self.leads.display = bool(leads)
            self.refresh_bindings()

    @on(LookupList.Chosen, "#lookups")
    def _opened(self) -> None:
        self.set_focus(self.query_one(LookupScroll))

    @on(LeadList.Chosen, "#leads")
    def _follow(self, message: LeadList.Chosen) -> None:
        self._before.append(self.listing.key)
        self.arrive(message.key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Going back needs something to go back to."""
        return bool(self._before) if action == "back" else super().check_action(action, parameters)

    def action_find(self) -> None:
        """Go to the line that narrows the list."""
        self.set_focus(self.find_line)

    def action_back(self) -> None:
        """Show what was shown before."""
        if self._before:
            self.arrive(self._before.pop())
