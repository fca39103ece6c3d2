"""Codes, kinds and payers to look things up in: a page for each, and which lead to which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from casemgr.core.codes import Codes, render_code
from casemgr.core.dates import format_us
from casemgr.core.money import format_cents
from casemgr.core.payers import Payers
from casemgr.core.sheets import Sheet, Table, as_text
from casemgr.core.text import words
from casemgr.errors import ContentBroken
from casemgr.services.coverages import billed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from casemgr.core.codes import Code
    from casemgr.core.kinds import Kind
    from casemgr.core.payers import Payer
    from casemgr.services.content import ContentDesk

Section = Literal["code", "kind", "payer"]

SECTIONS: tuple[Section, ...] = ("code", "kind", "payer")


class Lead(NamedTuple):
    """Where a page leads."""

    key: str
    title: str
    why: str
    """`look-alike`, `as the code set names it`."""


class Lookup(NamedTuple):
    """Something to look up."""

    section: Section
    id: str
    """The code's number, or the id of kind or payer."""
    title: str
    page: Code | Sheet
    names: tuple[str, ...]
    """The folded words of what it is called."""
    words: tuple[str, ...]
    """The folded words of all that its page says."""
    leads: tuple[Lead, ...] = ()

    @property
    def key(self) -> str:
        """By which it is known among all."""
        return f"{self.section} {self.id}"

    def text(self, width: int = 80) -> str:
        """Its page as plain text."""
        return as_text(self.page, width) if isinstance(self.page, Sheet) else render_code(self.page, width)

    def fits(self, typed: tuple[str, ...]) -> int:
        """How well folded words fit: 2 where each begins a word of its names, 1 of its page, else 0."""
        for rank, there in ((2, self.names), (1, self.words)):
            if all(any(word.startswith(part) for word in there) for part in typed):
                return rank
        return 0


class Shelf(NamedTuple):
    """All that can be looked up, codes first, and what of it could not be read."""

    lookups: tuple[Lookup, ...]
    broken: tuple[ContentBroken, ...]

    def find(self, typed: str) -> tuple[Lookup, ...]:
        """Those that fit what is typed, section by section; in each, names before pages."""
        said = words(typed)
        ranked = [(one.fits(said), one) for one in self.lookups]
        best = sorted(ranked, key=lambda each: (SECTIONS.index(each[1].section), -each[0]))
        return tuple(one for rank, one in best if rank)

    @property
    def foremost(self) -> str:
        """Key of the code that most is related to, to begin with; empty where there is no code."""
        codes = [one for one in self.lookups if one.section == "code"]
        return max(codes, key=lambda one: len(one.leads)).key if codes else ""

    def get(self, text: str) -> Lookup | None:
        """The one whose number or id a text is, or whose key."""
        plain = text.strip().lower()
        named = {plain, f"d{plain}"}
        return next((one for one in self.lookups if one.key == text or one.id.lower() in named), None)


def shelf(desk: ContentDesk) -> Shelf:
    """Every code, kind and payer, the practice's own included; a broken file takes only its like away."""
    broken: list[ContentBroken] = []
    codes: Iterable[Code] = Codes(())
    payers: Iterable[Payer] = Payers((), {})
    try:
        codes = desk.codes
    except ContentBroken as error:
        broken.append(error)
    try:
        payers = desk.payers
    except ContentBroken as error:
        broken.append(error)
    lookups = [
        *(lookup("code", code.code, code.title, code, (code.code[1:],)) for code in codes),
        *(lookup("kind", kind.kind, kind.title, kind_sheet(kind), kind.aliases) for kind in desk.kinds),
        *(lookup("payer", one.id, one.name, payer_sheet(desk, one), one.aliases) for one in payers),
    ]
    known = {one.key: one for one in lookups}
    ways: dict[str, list[Lead]] = {}
    for from_key, to_key, why in connections(codes, desk.kinds, payers):
        if from_key in known and to_key in known:
            leads = ways.setdefault(from_key, [])
            if to_key not in {lead.key for lead in leads}:
                leads.append(Lead(to_key, known[to_key].title, why))
    return Shelf(tuple(one._replace(leads=tuple(ways.get(one.key, ()))) for one in lookups), tuple(broken))


def lookup(section: Section, id: str, title: str, page: Code | Sheet, aliases: Iterable[str] = ()) -> Lookup:
    """Something to look up, with the words by which it is found."""
    one = Lookup(section, id, title, page, words(" ".join((id, title, *aliases))), ())
    return one._replace(words=words(one.text()))


def connections(
    codes: Iterable[Code], kinds: Iterable[Kind], payers: Iterable[Payer]
) -> Iterator[tuple[str, str, str]]:
    """From which key to which a way leads, and why; look-alikes lead to each other."""
    for code in codes:
        for other in code.look_alikes:
            yield f"code {code.code}", f"code {other.code}", "look-alike"
    for code in codes:
        for other in code.look_alikes:
            yield f"code {other.code}", f"code {code.code}", "look-alike"
    for kind in kinds:
        for number, why, back in (
            (kind.code, "as the practice bills it", "billed under it"),
            (kind.nomenclature, "as the code set names it", "by the code set, work under it"),
        ):
            yield f"kind {kind.kind}", f"code {number}", why
            yield f"code {number}", f"kind {kind.kind}", back
    for payer in payers:
        for number in dict.fromkeys((*payer.codes.values(), *payer.fees)):
            yield f"payer {payer.id}", f"code {number}", "billed under it"
            yield f"code {number}", f"payer {payer.id}", "takes it"


def kind_sheet(kind: Kind) -> Sheet:
    """A kind of activity: its words, codes, sentence, fields, outcomes and templates."""
    return Sheet(
        (
            ("Kind", f"{kind.kind}  ({kind.title})"),
            ("Words", ", ".join(kind.aliases)),
            ("Code", f"{kind.code} as the practice bills it; a payer's file may map it"),
            ("Code set", f"{kind.nomenclature}: {kind.why}" if kind.why else kind.nomenclature),
            ("Sentence", kind.sentence),
            ("Ladder", f"yes: attempts are counted for each {kind.ladder}" if kind.ladder else ""),
            ("Outreach", "yes: the report counts what is booked after it" if kind.outreach else ""),
        ),
        (
            Table(
                ("Field", "Label", "Type", "Needed", "What to write"),
                tuple(
                    (
                        field.name,
                        field.label,
                        field.type,
                        "yes" if field.required else "",
                        ", ".join(field.choices) if field.choices else field.hint,
                    )
                    for field in kind.fields
                ),
                named_by=1,
            ),
            Table(
                ("Outcome", "Label", "Reached", "Booked", "Words"),
                tuple(
                    (
                        outcome.id,
                        outcome.label,
                        {True: "yes", False: "no", None: ""}[outcome.contact],
                        "yes" if outcome.booked else "",
                        ", ".join(outcome.words),
                    )
                    for outcome in kind.outcomes
                ),
                named_by=1,
            ),
            Table(
                ("Template", "Note", "To be typed"),
                tuple(
                    (each.name, each.text, ", ".join(kind.holes_to_type(each)))
                    for each in kind.note_templates
                ),
            ),
        ),
    )


def payer_sheet(desk: ContentDesk, payer: Payer) -> Sheet:
    """A payer: where its rules come from and when they hold, and code and fee for each kind of activity."""
    return Sheet(
        (
            ("Payer", f"{payer.name}  ({payer.id})"),
            ("Also called", ", ".join(payer.aliases)),
            ("In force", span(payer)),
            ("Source", payer.source or "none given"),
            ("Verified", format_us(payer.verified_on) if payer.verified_on else "never"),
            ("Notes", "\n".join(payer.notes)),
        ),
        (
            Table(
                ("Kind", "Code", "Fee", "Code set"),
                tuple(
                    (
                        rule.title,
                        rule.code,
                        format_cents(rule.fee_cents) if rule.fee_cents else "–",
                        rule.nomenclature,
                    )
                    for rule in billed(desk, payer)
                ),
                right=("Fee",),
            ),
        ),
        "these figures are made up for examples; put your own in their place before a claim goes out."
        if payer.synthetic
        else "",
    )


def span(payer: Payer) -> str:
    """When a payer's rules hold, in words."""
    begins = f"from {format_us(payer.valid_from)}" if payer.valid_from else ""
    ends = f"to {format_us(payer.valid_to)}" if payer.valid_to else ""
    return f"{begins} {ends}".strip() or "always"
