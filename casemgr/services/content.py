"""What is declared as content, with or without a practice."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from casemgr.errors import NotFound
from casemgr.resources import load_toml_folder

if TYPE_CHECKING:
    from datetime import date

    from casemgr.core.codes import Code, Codes
    from casemgr.core.kinds import Kind, Kinds
    from casemgr.core.labels import Labels
    from casemgr.core.payers import Payers
    from casemgr.core.reasons import Reasons
    from casemgr.settings import Places


class ContentDesk:
    """Our content with the practice's own in its place or beside it; each part is read when it is asked for.

    Logging needs the kinds alone, so that it does not wait for the models of codes and payers.
    """

    def __init__(self, places: Places) -> None:
        """Read from our own folders and from the practice's configuration folder."""
        self.places = places

    @cached_property
    def kinds(self) -> Kinds:
        """The kinds of activity."""
        from casemgr.core.kinds import Kinds

        return Kinds.load(load_toml_folder("schema/activities", self.places.config / "activities"))

    @cached_property
    def labels(self) -> Labels:
        """What kinds and outcomes are called, for lists."""
        from casemgr.core.labels import Labels

        return Labels(load_toml_folder("schema/activities", self.places.config / "activities"))

    @cached_property
    def codes(self) -> Codes:
        """The procedure codes."""
        from casemgr.core.codes import Codes

        return Codes.load(load_toml_folder("schema/codes", self.places.config / "codes"))

    @cached_property
    def payers(self) -> Payers:
        """The payers' rules."""
        from casemgr.core.payers import Payers

        return Payers.load(load_toml_folder("schema/payers", self.places.config / "payers"), self.kinds)

    @cached_property
    def payer_examples(self) -> Payers:
        """Rules of real payers with their sources, to be copied from: no claim goes by them."""
        from casemgr.core.payers import Payers

        return Payers.load(load_toml_folder("schema/payers/examples", None), self.kinds)

    def today(self) -> date:
        """The date where this machine stands; a practice that is open has its own."""
        from casemgr.clock import SystemClock, machine_date

        return machine_date(SystemClock().now())

    @cached_property
    def reasons(self) -> Reasons:
        """Barriers to care and denial reasons."""
        from casemgr.core.reasons import Reasons

        return Reasons.load(load_toml_folder("schema/reasons", self.places.config / "reasons"))


def kind_named(desk: ContentDesk, text: str) -> Kind:
    """The kind that an id or any of its words names.

    Raises:
        NotFound: none does; the nearest are named.
    """
    found = desk.kinds.find(text)
    if found is None:
        raise NotFound(
            f"“{text}” is not a kind of activity",
            "",
            "`casemgr kind list` shows them.",
            tuple(desk.kinds.nearest(text)),
        )
    return found


def code_named(desk: ContentDesk, text: str) -> Code:
    """The code of a number, with or without its D.

    Raises:
        NotFound: we have none of that number.
    """
    found = desk.codes.find(text)
    if found is None:
        raise NotFound(
            f"There is no code “{text}” here", "", "`casemgr code list` shows them; a practice adds its own."
        )
    return found


def code_page(code: Code) -> str:
    """A code as a page of text, 80 columns wide."""
    from casemgr.core.codes import render_code

    return render_code(code)
