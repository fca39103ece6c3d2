"""Why claims are denied and what to do about it; and the barriers to care that ICD-10-CM has a code for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field as Constraint

from casemgr.core.base import Content
from casemgr.core.content import broken, read_content

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Text = Annotated[str, Constraint(min_length=1)]
WhatNext = Literal["correct", "appeal", "write_off", "ask"]
"""What a denial calls for: a corrected claim, an appeal, to be given up, or a question to the payer."""


class Remark(Content):
    """A CARC or RARC with its meaning in our words."""

    code: Text
    meaning: Text


class Group(Content):
    """A group code: who bears an adjustment."""

    code: Annotated[str, Constraint(pattern=r"^[A-Z]{2}$")]
    bearer: Text


class DenialReason(Content):
    """A reason for which a claim is denied."""

    id: Annotated[str, Constraint(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Text
    what_to_do: Text
    action: WhatNext = "ask"
    appeal: str = ""
    """What an appeal has to show, where there is any sense in one."""
    carc: tuple[Remark, ...] = ()
    """Claim adjustment reason codes with which it comes."""
    rarc: tuple[Remark, ...] = ()
    """Remittance advice remark codes with which it comes."""


class Barrier(Content):
    """A barrier to care, as a diagnosis code that may stand on a claim."""

    code: Annotated[str, Constraint(pattern=r"^[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?$")]
    label: Text
    pairs_with: str = ""
    """The procedure code whose work it explains best, if one stands out."""


class Category(Content):
    """A diagnosis code that only heads others and may not stand on a claim."""

    code: Text
    instead: tuple[str, ...] = ()
    """The billable codes under it that we know of."""


class Reasons(Content):
    """Denial reasons and barriers; each file of schema/reasons/ holds some of them."""

    groups: Annotated[tuple[Group, ...], Constraint(alias="group")] = ()
    accepted: tuple[Remark, ...] = ()
    """CARCs that are no denial: what a contract or the law takes off, so that nobody owes it."""
    general: tuple[Text, ...] = ()
    """CARCs that say no more than that a remark beside them says why."""
    shares: Annotated[tuple[Remark, ...], Constraint(alias="share")] = ()
    """CARCs that are no denial: what the plan leaves to the patient."""
    denials: Annotated[tuple[DenialReason, ...], Constraint(alias="denial")] = ()
    barriers: Annotated[tuple[Barrier, ...], Constraint(alias="barrier")] = ()
    categories: Annotated[tuple[Category, ...], Constraint(alias="category")] = ()
    sources: tuple[str, ...] = ()
    verified_on: date | None = None

    @classmethod
    def load(cls, raw: Iterable[tuple[Path, Mapping[str, Any]]]) -> Reasons:
        """Reasons from files and what they hold.

        Raises:
            ContentBroken: a file does not hold reasons, or declares one that another has already.
        """
        whole = cls()
        seen: set[str] = set()
        for path, content in raw:
            file = read_content(cls, content, path)
            names = [
                *(denial.id for denial in file.denials),
                *(barrier.code for barrier in file.barriers),
                *(group.code for group in file.groups),
                *(f"CARC {one.code}" for one in (*file.accepted, *file.shares)),
            ]
            twice = [name for at, name in enumerate(names) if name in seen or name in names[:at]]
            if twice:
                raise broken(path, [f'"{name}" is declared twice' for name in twice])
            seen.update(names)
            whole = whole.model_copy(
                update={
                    name: getattr(whole, name) + getattr(file, name)
                    for name in (
                        "groups",
                        "accepted",
                        "general",
                        "shares",
                        "denials",
                        "barriers",
                        "categories",
                        "sources",
                    )
                }
            )
        return whole

    def denial(self, text: str) -> DenialReason | None:
        """The reason with an id, a CARC or a RARC: `documentation`, `CARC 16`, `N706`."""
        plain = text.strip().upper().removeprefix("CARC").removeprefix("RARC").strip()
        for reason in self.denials:
            if text.strip() == reason.id or plain in {remark.code for remark in (*reason.carc, *reason.rarc)}:
                return reason
        return None

    def denied_with(self, carc: str, remarks: Iterable[str] = ()) -> DenialReason | None:
        """The reason that a CARC means, or the RARCs beside it where it says no more than to look at them.

        A CARC of no denial means none, whatever remarks stand beside it.
        """
        if self.no_denial(carc):
            return None
        own = next((one for one in self.denials if carc in {r.code for r in one.carc}), None)
        if own is not None and carc not in self.general:
            return own
        for code in remarks:
            if found := next((one for one in self.denials if code in {r.code for r in one.rarc}), None):
                return found
        return own

    def no_denial(self, carc: str) -> bool:
        """Whether a CARC is what a contract takes off, or the patient's share."""
        return any(one.code == carc for one in (*self.accepted, *self.shares))

    def meaning(self, code: str) -> str:
        """What a CARC or RARC means, in our words; empty where it is not in our list."""
        told = (
            *self.accepted,
            *self.shares,
            *(one for denial in self.denials for one in (*denial.carc, *denial.rarc)),
        )
        return next((one.meaning for one in told if one.code == code), "")

    def bearer(self, group: str) -> str:
        """Who bears the adjustments of a group; empty for a group that is not in our list."""
        return next((one.bearer for one in self.groups if one.code == group), "")

    def barrier(self, text: str) -> Barrier | None:
        """The barrier with a diagnosis code."""
        plain = text.strip().upper()
        return next((barrier for barrier in self.barriers if barrier.code == plain), None)

    def barrier_text(self, text: str) -> str:
        """A barrier as documents say it: `Z59.82 no reliable transport`; plain words stay as they are."""
        found = self.barrier(text)
        return f"{found.code} {found.label}" if found else text

    def not_billable(self, text: str) -> str:
        """Why a diagnosis code may not stand on a claim; empty where nothing is known against it."""
        plain = text.strip().upper()
        found = next((category for category in self.categories if category.code == plain), None)
        if found is None:
            return ""
        instead = f" Use one of {', '.join(found.instead)}." if found.instead else ""
        return f"{found.code} only heads other codes and may not stand on a claim.{instead}"
