"""Half-typed text that a form has kept, so that it can be offered again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Draft(NamedTuple):
    """What somebody had typed into a form and not saved yet."""

    form: str
    """The form's name, such as `line` or `amend 01926f…`."""
    body: Mapping[str, str]
    """The text of each part of the form as it was typed, by the part's name."""
    saved_at: int
    """When it was kept, in microseconds."""
