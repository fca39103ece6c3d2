"""A kind's own fields: what may stand in them, how it is kept, and how it is shown."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import Field as Constraint

from casemgr.core.base import Content
from casemgr.core.dates import Direction, format_us, parse_clock_time, parse_date, written_date
from casemgr.core.text import fold, tidy
from casemgr.core.wording import listed, quoted
from casemgr.errors import ParseError

if TYPE_CHECKING:
    from collections.abc import Iterator

_YES = frozenset({"yes", "y", "true", "1"})
_NO = frozenset({"no", "n", "false", "0"})


class FieldProblem(NamedTuple):
    """A value that a field cannot take, or a field that the documentation needs and that is empty."""

    field: str
    """The field's name."""
    message: str
    """A sentence that is fit to be shown."""


class Field(Content):
    """A field that only this kind of activity has.

    Values are kept as text: dates as `YYYY-MM-DD`, times as `HH:MM`, integers in digits, `yes` or `no`,
    a choice by its id, an empty text where nothing was said.
    """

    name: Annotated[str, Constraint(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Annotated[str, Constraint(min_length=1)]
    hint: str = ""
    """What to write there, for forms and `kind show`."""
    type: Literal["text", "date", "time", "integer", "yes_no", "choice"] = "text"
    required: bool = False
    """Whether the documentation of a claim needs it. Logging never waits for it: one line between two
    calls, or a practice's old log, names no vendor. What is missing is listed among a claim's findings."""
    choices: dict[str, str] = Constraint(default_factory=dict)
    """A choice's ids, and the words for each as they stand in lists and sentences."""
    direction: Direction = "future"
    """Where a date without its year lies, seen from the activity's own date."""
    yes: str = ""
    """What a yes says in the sentence; nothing where it is empty."""
    no: str = ""
    unstated: str = ""
    """What the sentence says where the field is empty and stands outside brackets."""

    def faults(self) -> Iterator[str]:
        """What is wrong with the declaration itself."""
        if (self.type == "choice") != bool(self.choices):
            yield f'field "{self.name}": choices belong to the type choice, and it needs some'
        if self.type != "yes_no" and (self.yes or self.no):
            yield f'field "{self.name}": yes and no belong to the type yes_no'

    def read(self, text: str, around: date | None = None) -> str:
        """What somebody wrote, as it is kept.

        Args:
            text: as written; an empty text stays empty.
            around: the activity's own date, from which `10/28` counts; without it a date needs its year.

        Raises:
            ParseError: the field cannot take it.
        """
        plain = tidy(text)
        if not plain or self.type == "text":
            return plain
        if self.type == "date":
            return self._date(plain, around)
        if self.type == "time":
            return parse_clock_time(plain)
        if self.type == "integer":
            if plain.isascii() and plain.isdigit() and len(plain) <= 9:
                return str(int(plain))
            raise ParseError(f"{quoted(plain)} is no whole number.")
        if self.type == "yes_no":
            said = fold(plain)
            if said in _YES or said in _NO:
                return "yes" if said in _YES else "no"
            raise ParseError(f"{quoted(plain)} is neither yes nor no.")
        return self._choice(plain)

    def shown(self, value: str) -> str:
        """A kept value as people read it: `10/28/2026`, `2:30 PM`, the words of a choice."""
        if not value:
            return ""
        if self.type == "date":
            return format_us(value)
        if self.type == "time":
            return us_time(value)
        return self.choices.get(value, value)

    def in_sentence(self, value: str) -> str:
        """A kept value as the narrative says it."""
        if not value:
            return self.unstated
        if self.type == "yes_no":
            return self.yes if value == "yes" else self.no
        return self.shown(value)

    def _date(self, plain: str, around: date | None) -> str:
        """The ISO text of a date."""
        written = written_date(plain)
        if around is None and (written is None or written.year is None):
            raise ParseError(f"{quoted(plain)} is no date with its year: write it such as 10/21/2026.")
        # A date with its year is the same from wherever it is seen.
        return parse_date(plain, around or date.min, self.direction).isoformat()

    def _choice(self, plain: str) -> str:
        """The id of the choice that an id or its words name."""
        said = fold(plain)
        for choice, label in self.choices.items():
            if said in (fold(choice), fold(label)):
                return choice
        raise ParseError(f"{quoted(plain)} is not among the choices: write {listed(self.choices)}.")


def us_time(value: str) -> str:
    """`14:30` as `2:30 PM`."""
    hour, minute = int(value[:2]), value[3:]
    return f"{hour % 12 or 12}:{minute} {'AM' if hour < 12 else 'PM'}"
