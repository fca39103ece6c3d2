"""The screens that a number leads to."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A screen of its own."""

    name: str
    title: str
    key: str
    purpose: str
    """What one goes there for."""

    @property
    def told(self) -> str:
        """Name and purpose, as palette and help say it."""
        return f"{self.title}: {self.purpose[0].lower()}{self.purpose[1:]}"


PLACES = (
    Place("today", "Today", "1", "Log work, and see the day and what is due"),
    Place("log", "Log", "2", "Find, amend, sign and void activities"),
    Place("patients", "Patients", "3", "Find a patient, and see all that is kept"),
    Place("follow_ups", "Follow-ups", "4", "Work through what is due"),
    Place("claims", "Claims", "5", "Check and print claims"),
    Place("month", "Month", "6", "See what billing will get, and export it"),
    Place("insights", "Insights", "7", "See how the work went"),
    Place("codes", "Codes", "8", "Look up procedure codes, kinds and payers"),
    Place("settings", "Settings", "9", "Change theme, keys, defaults, practice and staff"),
)
