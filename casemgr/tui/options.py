"""What several screens let people choose from: the staff, whose work is shown, and the kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.tui.screens.pick import Option, fits

if TYPE_CHECKING:
    from casemgr.services.desk import Desk


def staff_options(desk: Desk, typed: str) -> list[Option]:
    """Who works here today."""
    from casemgr.services.staff import listed
    from casemgr.services.summaries import named

    return _fitting([Option(each.id, named(each), each.id) for each in listed(desk)], typed)


def whose_options(desk: Desk, typed: str) -> list[Option]:
    """Whose work to show: one's own, everybody's, or one of the staff's, those included who have left."""
    from casemgr.services.staff import listed
    from casemgr.services.summaries import named

    others = [each for each in listed(desk, include_left=True) if each.id != desk.login]
    options = (
        Option(desk.login, "Your own", desk.login),
        Option("", "Everybody's"),
        *(Option(each.id, named(each), each.id) for each in others),
    )
    return _fitting(options, typed)


def staff_wanted(desk: Desk, chosen: str | None) -> str:
    """Whose work is shown: the login that was chosen, empty for everybody; None as the settings say."""
    if chosen is not None:
        return chosen
    from casemgr.services.preferences import preferences

    return desk.login if preferences(desk.places).values.whose == "mine" else ""


def kind_options(desk: Desk, typed: str) -> list[Option]:
    """The kinds of activity."""
    return _fitting(
        [Option(each.kind, each.title, ", ".join(each.aliases[:3])) for each in desk.kinds], typed
    )


def _fitting(options: list[Option] | tuple[Option, ...], typed: str) -> list[Option]:
    return [each for each in options if fits(each, typed)]
