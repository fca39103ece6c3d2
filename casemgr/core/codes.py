"""Procedure codes: number, our own paraphrase, dates in force, look-alikes, documentation, denials.

The code set's own descriptors belong to the American Dental Association and are not here. That a code exists
never means that a payer covers it.
"""

from __future__ import annotations

import textwrap
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field as Constraint

from casemgr.core.base import Content
from casemgr.core.content import broken, read_content
from casemgr.core.dates import format_us

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

CodeNumber = Annotated[str, Constraint(pattern=r"^D\d{4}$")]
Text = Annotated[str, Constraint(min_length=1)]
_INDENT = "  "


class LookAlike(Content):
    """A code that is taken for this one, and how to tell them apart."""

    code: CodeNumber
    difference: Text


class ChecklistItem(Content):
    """A point that the documentation of a claim needs."""

    id: Annotated[str, Constraint(pattern=r"^[a-z][a-z0-9_]*$")]
    text: Text


class UsualDenial(Content):
    """A reason for which payers deny this code."""

    reason: Text
    what_to_do: Text
    see: str = ""
    """Id of the denial reason in schema/reasons/denials.toml, which has its CARC and RARC."""


class Code(Content):
    """A procedure code. A file is named after its code."""

    code: CodeNumber
    title: Text
    paraphrase: Text
    family: Text
    effective_from: date | None = None
    """First service date for which it may be reported; None where no source was found."""
    effective_to: date | None = None
    """Last such date; None while it is in force."""
    unit: str = ""
    """What one unit is, as far as anybody says."""
    use_when: tuple[str, ...] = ()
    not_when: tuple[str, ...] = ()
    look_alikes: Annotated[tuple[LookAlike, ...], Constraint(alias="look_alike")] = ()
    checklist: Annotated[tuple[ChecklistItem, ...], Constraint(alias="checklist")] = ()
    denials: Annotated[tuple[UsualDenial, ...], Constraint(alias="denial")] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    verified_on: date | None = None
    """When somebody last compared this file with its sources."""

    def in_force(self, service_date: date) -> bool:
        """Whether the code may be reported for a service date, as far as its dates are known."""
        after = self.effective_from is None or self.effective_from <= service_date
        return after and (self.effective_to is None or service_date <= self.effective_to)

    def faults(self) -> Iterator[str]:
        """What is wrong with the declaration beyond what its types say."""
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            yield "effective_to is before effective_from"
        ids = [item.id for item in self.checklist]
        if len(set(ids)) < len(ids):
            yield "two points of the checklist have the same id"


class Codes:
    """The procedure codes, the practice's own included, in order of their numbers."""

    def __init__(self, codes: Iterable[Code]) -> None:
        """See Codes.load."""
        self._codes = {code.code: code for code in codes}

    @classmethod
    def load(cls, raw: Iterable[tuple[Path, Mapping[str, Any]]]) -> Codes:
        """Codes from files and what they hold.

        Raises:
            ContentBroken: a file is not a code.
        """
        codes = []
        for path, content in raw:
            code = read_content(Code, content, path)
            faults = list(code.faults())
            if code.code != path.stem:
                faults.append(f'the code "{code.code}" belongs in a file {code.code}.toml')
            if faults:
                raise broken(path, faults)
            codes.append(code)
        return cls(codes)

    def __iter__(self) -> Iterator[Code]:
        """In order of their numbers."""
        return iter(self._codes.values())

    def __len__(self) -> int:
        """How many there are."""
        return len(self._codes)

    @property
    def ids(self) -> tuple[str, ...]:
        """The numbers of all codes."""
        return tuple(self._codes)

    def find(self, text: str) -> Code | None:
        """The code that a text names: `D9993`, `d9993`, `9993`."""
        plain = text.strip().upper()
        return self._codes.get(plain) or self._codes.get(f"D{plain}")

    def title(self, code: str) -> str:
        """A code's title, or the number itself where no file declares it."""
        found = self._codes.get(code)
        return found.title if found else code


def render_code(code: Code, width: int = 80) -> str:
    """A code as plain text for people, no line longer than the width."""
    lines = [*_wrapped(f"{code.code}  {code.title}", width, "       ")]
    lines += _wrapped(code.family, width, "", "")
    lines += ["", *_wrapped(code.paraphrase, width)]
    facts = [("In force", _in_force(code)), ("Unit", code.unit)]
    lines += ["", *(line for name, text in facts if text for line in _named(name, text, width))]
    lines += _section("Use it when", code.use_when, width)
    lines += _section("Not when", code.not_when, width)
    if code.look_alikes:
        lines += ["", "Look-alikes"]
        for other in code.look_alikes:
            lines += _wrapped(f"{other.code}  {other.difference}", width, " " * 9, _INDENT)
    lines += _section("Documentation checklist", [item.text for item in code.checklist], width, "[ ]")
    if code.denials:
        lines += ["", "Usual denials, and what to do"]
        for denial in code.denials:
            lines += _wrapped(denial.reason, width, " " * 4, f"{_INDENT}- ")
            lines += _wrapped(denial.what_to_do, width, " " * 4, " " * 4)
    lines += _section("Notes", code.notes, width)
    lines += _section("Sources", code.sources, width)
    verified = f"Compared with its sources on {format_us(code.verified_on)}. " if code.verified_on else ""
    closing = (
        f"{verified}Our own words, not the code set's. That a code exists does not mean that a plan pays it."
    )
    return "\n".join([*lines, "", *_wrapped(closing, width)])


def _in_force(code: Code) -> str:
    """`since 1/1/2017`."""
    if code.effective_from is None and code.effective_to is None:
        return "start not verified"
    start = f"since {format_us(code.effective_from)}" if code.effective_from else "start not verified"
    return f"{start}, until {format_us(code.effective_to)}" if code.effective_to else start


def _section(name: str, texts: Iterable[str], width: int, mark: str = "-") -> list[str]:
    """A heading and its points, or nothing."""
    start = f"{_INDENT}{mark} "
    lines = [line for text in texts for line in _wrapped(text, width, " " * len(start), start)]
    return ["", name, *lines] if lines else []


def _named(name: str, text: str, width: int) -> list[str]:
    """`In force   since 1/1/2017`."""
    return _wrapped(text, width, " " * 11, f"{name:<11}")


def _wrapped(text: str, width: int, later: str = "", first: str = "") -> list[str]:
    """A text in lines of the width; addresses are not torn."""
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=later,
        break_on_hyphens=False,
        break_long_words=False,
    )
