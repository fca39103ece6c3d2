"""Codes, kinds and payers to look things up in: a page for each, and which lead to which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from casemgr.core.codes import Codes, render_code
from casemgr.core.dates import format_us
from casemgr.core.money import format_cents
from casemgr.core.payer_rules import ANY_CODE
from casemgr.core.payers import Payers
from casemgr.core.rule_words import codes_words, dates_words, expired, origin_words, rule_words
from casemgr.core.sheets import Sheet, Table, as_text
from casemgr.core.text import words
from casemgr.errors import ContentBroken
from casemgr.services.coverages import billed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from casemgr.core.codes import Code
    from casemgr.core.kinds import Kind
    from casemgr.core.payer_rules import Rule
    from casemgr.core.payers import Payer
    from casemgr.services.content import ContentDesk

Section = Literal["code", "kind", "payer"]

SECTIONS: tuple[Section, ...] = ("code", "kind", "payer")
_EXAMPLE = "no claim goes by it; casemgr payer copy {} NEW-ID makes a copy that you can edit"


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
        payers = all_payers(desk)
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


def all_payers(desk: ContentDesk) -> tuple[Payer, ...]:
    """The payers that claims go by, then the examples whose ids are not theirs."""
    return (*desk.payers, *(one for one in desk.payer_examples if desk.payers.get(one.id) is None))


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
        for number in dict.fromkeys(code for rule in payer.rules for code in rule.codes if code != ANY_CODE):
            yield f"payer {payer.id}", f"code {number}", "has a rule for it"
            yield f"code {number}", f"payer {payer.id}", "has a rule for it"


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
    """A payer: where its rules come from and when they hold, code and fee of each kind, and what it asks."""
    year, example = payer.benefit_year, is_example(desk, payer)
    filing = {
        "service": "the service",
        "month_end": "the end of its month",
        "other_payer": "another payer's answer",
    }
    return Sheet(
        (
            ("Payer", " · ".join((f"{payer.name}  ({payer.id})", *marks(desk, payer)))),
            ("Also called", ", ".join(payer.aliases)),
            ("Example", _EXAMPLE.format(payer.id) if example else ""),
            ("In force", "" if example else dates_words(payer.valid_from, payer.valid_to)),
            ("Source", payer.source or "none given"),
            ("Verified", format_us(payer.verified_on) if payer.verified_on else "never"),
            (
                "Filing",
                f"within {payer.filing_days} days of {filing[payer.filing_from]}"
                if payer.filing_days
                else "",
            ),
            ("Appeals", f"within {payer.appeal_days} days of the answer" if payer.appeal_days else ""),
            ("Appeals to", payer.address),
            ("Benefit year", f"from {int(year[:2])}/{int(year[3:])}" if payer.says("benefit_year") else ""),
            ("Claim form", payer.form),
            ("Electronic id", payer.electronic_id),
            ("Remarks", "\n".join(payer.remarks)),
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
                    for rule in (() if example else billed(desk, payer))
                ),
                right=("Fee",),
            ),
        ),
        "these figures are made up for examples; put your own in their place before a claim goes out."
        if payer.synthetic
        else "",
        tuple(
            (f"Rule {number}", _rule_text(rule, desk.today())) for number, rule in enumerate(payer.rules, 1)
        ),
    )


def marks(desk: ContentDesk, payer: Payer) -> tuple[str, ...]:
    """What is to be known of a payer before its figures are used: `example`, `EXPIRED`."""
    today = desk.today()
    ended = payer.valid_to is not None and payer.valid_to < today
    ended = ended or (bool(payer.rules) and all(expired(rule, today) for rule in payer.rules))
    example = payer.synthetic or is_example(desk, payer)
    return tuple(mark for mark, holds in (("example", example), ("EXPIRED", ended)) if holds)


def is_example(desk: ContentDesk, payer: Payer) -> bool:
    """Whether a payer is one of those that are there to be copied from."""
    return desk.payers.get(payer.id) is None and desk.payer_examples.get(payer.id) is not None


def _rule_text(rule: Rule, today: date) -> str:
    """A rule: for which codes and when, what it says line by line, and where it stands."""
    ended = ", EXPIRED" if expired(rule, today) else ""
    when = dates_words(rule.valid_from, rule.valid_to)
    head = codes_words(rule) if when == "always" else f"{codes_words(rule)}, {when}{ended}"
    return "\n".join((head, *(f"- {said}" for said in rule_words(rule)), f"Source: {origin_words(rule)}"))
