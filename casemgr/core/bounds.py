"""How long a text may be, in characters: one table for all records, whoever writes them and from where.

They are generous: what is longer is a file that was pasted by mistake, or is meant to do harm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.errors import InputRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_NOTE = 20_000
"""A note, or what a case says at length: some eight pages."""
MAX_WORDS = 2_000
"""What is said in a few sentences: an outcome, a reason, a next step, a field of a kind."""
MAX_NAME = 500
"""A name, a number, and every other text."""
MAX_LINE = 4_000
"""The one line that logs an activity."""

_NOTES = frozenset({"note", "complaint", "findings", "supplementary", "plan", "said"})
_WORDS = frozenset(
    {
        *(
            "outcome",
            "outcome_words",
            "reason",
            "response",
            "next_step",
            "what",
        ),
        *("done_note", "next_action", "close_reason", "consent", "address", "filters"),
    }
)
_ASKED_AS = {"outcome_words": "outcome"}
"""Fields that the faces call otherwise."""


class Overlong(NamedTuple):
    """A text beyond its bound."""

    field: str
    text: str
    most: int

    @property
    def problem(self) -> str:
        """What is wrong, in a sentence."""
        return f"It has {len(self.text):,} characters; at most {self.most:,} are kept."


def longest(field: str) -> int:
    """How many characters a field of a record holds."""
    if field in _NOTES:
        return MAX_NOTE
    return MAX_WORDS if field in _WORDS else MAX_NAME


def overlong(texts: Mapping[str, object]) -> Iterator[Overlong]:
    """The texts that are too long, of a record's image or of anything else by the names of its fields."""
    for field, value in texts.items():
        if type(value) is str:
            # Hardly any text is as long as the least of the bounds: the rest is not looked at again.
            if len(value) > MAX_NAME and len(value) > longest(field):
                yield Overlong(field, value, longest(field))
        elif type(value) is dict:
            for name, text in value.items():
                if type(text) is str and len(text) > MAX_WORDS:
                    yield Overlong(name, text, MAX_WORDS)


def too_long(found: Overlong) -> InputRefused:
    """The error for a text beyond its bound; it names the field."""
    field = _ASKED_AS.get(found.field, found.field)
    error = InputRefused(
        f"{field.replace('_', ' ')}: it has {len(found.text):,} characters",
        "Nothing was saved.",
        f"At most {found.most:,} are kept: say it in fewer words.",
    )
    error.field = field
    return error


def refuse_overlong(texts: Mapping[str, object]) -> None:
    """Refuse the first text that is too long.

    Raises:
        InputRefused: with its field.
    """
    for found in overlong(texts):
        raise too_long(found)
