"""Notes begun from a kind's templates: their holes are filled with what the activity says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.dates import format_us
from casemgr.core.fields import us_time
from casemgr.core.holes import COMMON_HOLES, fill_holes
from casemgr.core.methods import method_label
from casemgr.core.records import Patient
from casemgr.core.text import tidy
from casemgr.core.wording import listed
from casemgr.errors import InputRefused
from casemgr.services.activities import kind_of
from casemgr.services.activity_checks import refused
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from casemgr.core.commands import LogActivity
    from casemgr.core.holes import NoteTemplate
    from casemgr.core.kinds import Kind
    from casemgr.services.desk import Desk


def hole_words(desk: Desk, wish: LogActivity) -> dict[str, str]:
    """What an activity says, as people read it, by the hole that it fills: a field's, or one of COMMON_HOLES.

    The wish may be half filled in: what is empty, or cannot be read yet, fills nothing.
    """
    patient = load(desk.store, Patient, wish.patient_id) if wish.patient_id else None
    kind = desk.kinds.find(wish.kind)
    common = {
        "patient": f"{patient.first_name} {patient.last_name}".strip() if patient else "",
        "date": format_us(wish.service_date),
        "start": us_time(wish.start) if wish.start else "",
        "minutes": str(wish.minutes or ""),
        "staff": desk.member(wish.staff or desk.login).name,
        "method": method_label(wish.method).lower(),
        "contacted": tidy(wish.contacted),
        "outcome": tidy(wish.outcome_words),
        "reason": tidy(wish.reason),
        "response": tidy(wish.response),
        "next_step": tidy(wish.next_step),
    }
    said = {name: words for name, words in common.items() if words}
    if kind is None:
        return said
    own = kind.words_for_holes(wish.fields, wish.service_date)
    return {name: words for name, words in said.items() if not kind.field(name)} | own


def template_of(kind: Kind, name: str) -> NoteTemplate:
    """A kind's template by its name.

    Raises:
        InputRefused: it has none of that name; the candidates are those that it has.
    """
    found = kind.note_template(name)
    if found is None:
        error = InputRefused(
            f"template: {kind.title} has none named “{tidy(name)}”",
            "Nothing was saved.",
            f"`casemgr kind show {kind.kind}` shows what they say.",
            tuple(each.name for each in kind.note_templates),
        )
        error.field = "template"
        raise error
    return found


def with_template(desk: Desk, wish: LogActivity, name: str) -> LogActivity:
    """A wish whose note is a template with every hole filled; a note that it has already goes on after it.

    Args:
        desk: the open practice.
        wish: what is to be logged; its `fields` may name holes that no field of the kind fills.
        name: the template's name.

    Raises:
        InputRefused: the kind has no such template, or holes are left; they are named.
    """
    kind = kind_of(desk, wish.kind)
    template = template_of(kind, name)
    to_type = kind.holes_to_type(template)
    typed = {name: tidy(words) for name, words in wish.fields.items() if name in to_type}
    fields = {name: words for name, words in wish.fields.items() if name not in typed}
    words = hole_words(desk, wish._replace(fields=fields)) | typed
    left = [name for name in template.holes if not words.get(name)]
    if left:
        raise refused(
            "template",
            f"“{template.name}” has holes that nothing fills: {listed(left, 'and')}",
            f"Say {listed((_option(kind, name) for name in left), 'and')} as well.",
        )
    note = " ".join(part for part in (fill_holes(template.text, words), wish.note.strip()) if part)
    return wish._replace(note=note, fields=fields)


def _option(kind: Kind, name: str) -> str:
    """What fills a hole on the command line."""
    if kind.field(name) or name not in COMMON_HOLES:
        return f"--set {name}=…"
    return f"--{name.replace('_', '-')} …"
