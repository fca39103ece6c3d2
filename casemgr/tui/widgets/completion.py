"""What the line may go on with, in grey behind the cursor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.suggester import Suggester

if TYPE_CHECKING:
    from casemgr.tui.lane import Lane


class Completion(Suggester):
    """Completes kinds, patients and outcomes; nothing is remembered, since any of them may be new."""

    def __init__(self, lane: Lane) -> None:
        """Ask the lane."""
        super().__init__(use_cache=False, case_sensitive=True)
        self._lane = lane

    async def get_suggestion(self, value: str) -> str | None:
        """The whole line as it may go on, or None."""
        # Imported here, as by the jobs: the first screen needs none of it.
        from casemgr.services.completion import complete

        return await self._lane.look_up(partial(complete, text=value)) or None


class Patients(Suggester):
    """Completes a name that only one patient has, with birth date and chart number."""

    def __init__(self, lane: Lane) -> None:
        """Ask the lane."""
        super().__init__(use_cache=False, case_sensitive=True)
        self._lane = lane

    async def get_suggestion(self, value: str) -> str | None:
        """The patient as charts name them, or None."""
        from casemgr.tui.jobs_activity import the_only_patient

        label = await self._lane.look_up(partial(the_only_patient, text=value)) if value.strip() else ""
        return value + label[len(value) :] if label.casefold().startswith(value.casefold()) else None
