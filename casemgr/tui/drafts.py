"""What was written and not saved yet: jobs that keep it, find it again and drop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.tui.messages import DraftFound, Quiet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casemgr.services.desk import Desk
    from casemgr.tui.messages import Acted
    from casemgr.tui.screens.form import Save


def keep(desk: Desk, form: str, body: Mapping[str, str]) -> Quiet:
    """Keep what is written."""
    from casemgr.services.drafts import keep_draft

    keep_draft(desk, form, body)
    return Quiet()


def find(desk: Desk, form: str) -> DraftFound:
    """What was written and not saved."""
    from casemgr.services.drafts import draft_of

    found = draft_of(desk, form)
    if found is None:
        return DraftFound({}, "")
    return DraftFound(dict(found.body), f"{desk.local(found.saved_at):%H:%M on %b %d}")


def saved(desk: Desk, form: str, values: Mapping[str, str], save: Save) -> Acted:
    """Save what is written; what was kept of it goes with it, all or nothing."""
    from casemgr.services.drafts import saving

    with saving(desk, form):
        return save(desk, values)


def drop(desk: Desk, form: str) -> Quiet:
    """Forget what was written."""
    from casemgr.services.drafts import drop_draft

    drop_draft(desk, form)
    return Quiet()
