"""Payers: which code stands for which kind of work, and what it costs, between dates and with a source.

Payers' rules are data that the practice keeps. What ships here are examples and says so.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field as Constraint

from casemgr.core.base import Content
from casemgr.core.codes import CodeNumber
from casemgr.core.content import broken, read_content
from casemgr.core.money import MAX_CENTS
from casemgr.core.payer_checks import payer_faults
from casemgr.core.payer_rules import Rule, Rules
from casemgr.core.text import canonical_json, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from casemgr.core.kinds import Kind, Kinds

GENERIC = "generic"
"""The payer whose rules hold for payers that have no file."""
ANY_KIND = "*"
"""In a payer's codes: every kind that is not named."""


class Payer(Content):
    """A payer's rules between two dates, both inclusive; none means open. The file's name is its id."""

    id: str
    kept: Annotated[str, Constraint(exclude=True, repr=False)]
    """Its id and what the file holds, as canonical JSON: see Payer.of_kept."""
    digest: str
    """SHA-256 of that; a claim keeps it to show its rules."""
    name: Annotated[str, Constraint(min_length=1)]
    aliases: tuple[str, ...] = ()
    """Other ways in which practices write its name."""
    codes: dict[str, CodeNumber] = Constraint(default_factory=dict)
    """Codes by kind, `*` for all others; kinds that are not there keep the code of their own file."""
    fees: dict[CodeNumber, Annotated[int, Constraint(ge=0, le=MAX_CENTS)]] = Constraint(default_factory=dict)
    """Fee in cents for one unit, by code."""
    valid_from: date | None = None
    valid_to: date | None = None
    rules: Annotated[tuple[Rule, ...], Constraint(alias="rule")] = ()
    """What holds for codes beyond their numbers and fees."""
    filing_days: Annotated[int, Constraint(ge=1, le=3660)] | None = None
    """Days within which a claim must be filed."""
    filing_from: Literal["service", "month_end", "other_payer"] = "service"
    """The day that they are counted from: the service date, its month's end, or another payer's answer."""
    appeal_days: Annotated[int, Constraint(ge=1, le=3660)] | None = None
    """Days for an appeal, from the answer on."""
    benefit_year: Annotated[str, Constraint(pattern=r"^\d{2}-\d{2}$")] = "01-01"
    """Month and day on which its benefit year begins."""
    form: str = ""
    """The version of the claim form that it takes, such as `ADA 2024`."""
    address: str = ""
    """Where appeals go."""
    electronic_id: str = ""
    """Its payer id for electronic claims (ADA form item 3a)."""
    remarks: tuple[str, ...] = ()
    """Words that must begin the remarks of every claim."""
    synthetic: bool = False
    """Whether the figures are made up for examples and must not go on a claim."""
    notes: tuple[str, ...] = ()
    source: str = ""
    verified_on: date | None = None
    """When somebody last compared this file with its source."""

    def says(self, field: str) -> bool:
        """Whether the file itself says anything of a field."""
        return field in self.model_fields_set

    def in_force(self, service_date: date) -> bool:
        """Whether the rules hold for a service date."""
        after = self.valid_from is None or self.valid_from <= service_date
        return after and (self.valid_to is None or service_date <= self.valid_to)

    @classmethod
    def of(cls, payer_id: str, content: Mapping[str, Any], place: Path | str) -> Payer:
        """The payer that a file holds.

        Raises:
            ContentBroken: a key is unknown, missing or not what it should be.
        """
        kept = canonical_json(_plain({**content, "id": payer_id}))
        digest = hashlib.sha256(kept.encode()).hexdigest()
        return read_content(cls, content, place, id=payer_id, kept=kept, digest=digest)

    @classmethod
    def of_kept(cls, kept: str) -> Payer:
        """The payer as a file of it stood once: what `kept` said then.

        Raises:
            ContentBroken: this program does not know all that it says.
        """
        content = json.loads(kept)
        payer_id = content.pop("id")
        return cls.of(payer_id, content, f"{payer_id}.toml, as it was kept")

    @cached_property
    def ruled(self) -> Rules:
        """Its rules, asked by code and date."""
        return Rules(self.rules)

    def code_for(self, kind: Kind, service_date: date) -> str:
        """The code under which a kind is billed; the kind's own where these rules do not hold or say none."""
        if not self.in_force(service_date):
            return kind.code
        return self.codes.get(kind.kind) or self.codes.get(ANY_KIND) or kind.code

    def fee_cents(self, code: str, service_date: date) -> int:
        """The fee in cents for one unit; 0 where the rules do not hold or name none."""
        return self.fees.get(code, 0) if self.in_force(service_date) else 0


class Payers:
    """The payers that have a file, the practice's own included."""

    def __init__(self, payers: Iterable[Payer], names: Mapping[str, str]) -> None:
        """See Payers.load."""
        self._payers = {payer.id: payer for payer in payers}
        self._names = names

    @classmethod
    def load(cls, raw: Iterable[tuple[Path, Mapping[str, Any]]], kinds: Kinds | None = None) -> Payers:
        """Payers from files and what they hold.

        Args:
            raw: the files.
            kinds: the kinds that there are; where given, a payer may name no others, nor others' outcomes.

        Raises:
            ContentBroken: a file is not a payer or contradicts itself, or two share a name.
        """
        payers: list[Payer] = []
        names: dict[str, str] = {}
        for path, content in raw:
            payer = Payer.of(path.stem, content, path)
            faults = list(payer_faults(payer, kinds))
            for name in (payer.id, payer.name, *payer.aliases):
                owner = names.setdefault(fold(name), payer.id)
                if owner != payer.id:
                    faults.append(f'the name "{name}" belongs to the payer "{owner}" already')
            if faults:
                raise broken(path, faults)
            payers.append(payer)
        return cls(payers, names)

    def __iter__(self) -> Iterator[Payer]:
        """In order of their files' names."""
        return iter(self._payers.values())

    def __len__(self) -> int:
        """How many there are."""
        return len(self._payers)

    def find(self, name: str) -> Payer | None:
        """The payer that a practice's name for it means: its id, name or an alias, in any case."""
        return self._payers.get(self._names.get(fold(name), ""))

    def get(self, payer_id: str) -> Payer | None:
        """The payer of an id."""
        return self._payers.get(payer_id)

    def rules_for(self, payer_id: str) -> Payer:
        """The rules of the payer with that id, else those of `generic`."""
        found = self._payers.get(payer_id) or self._payers.get(GENERIC)
        return found or Payer.of(GENERIC, {"name": "Any payer"}, "no file")


def _plain(value: Any) -> Any:
    """TOML's values as JSON has them: dates as ISO text."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
