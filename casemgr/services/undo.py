"""Undoing the last own deed, and redoing it: by new entries that restore what was before."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from casemgr.clock import MICROSECONDS
from casemgr.core.entities import ENTITIES
from casemgr.core.history import Deed, deed_name, deed_to_redo, deed_to_undo
from casemgr.core.ledger import UNMOVING, Entry
from casemgr.core.records import Activity
from casemgr.errors import RuleRefused
from casemgr.services import guards
from casemgr.services.refusals import NOTHING_CHANGED
from casemgr.store.ledger import entries, history

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.entity import Entity
    from casemgr.services.desk import Desk

UNDO_WITHIN = 24 * 60 * 60 * MICROSECONDS


class Undone(NamedTuple):
    """What was undone or redone: the action and its records, such as `log` of an activity and a follow-up."""

    action: str
    """What was done at first, however often it was undone and redone since."""
    records: tuple[tuple[str, str], ...]
    """Entity and id of each."""
    at: int
    """When it was done, in microseconds; of what was redone before, when that was."""


class Again(NamedTuple):
    """A record that a redo puts back."""

    done: Entry
    """What made it so."""
    undone: Entry
    newest: Entry
    record: Entity
    """As it was before it was undone."""


def undo(desk: Desk) -> Undone:
    """Undo the last deed of who acts, whole.

    Raises:
        RuleRefused: there is nothing to undo, or somebody has built on it since.
    """
    with desk.write() as tx:
        deed = deed_to_undo(own_deeds(desk))
        if deed is None:
            raise RuleRefused("There is nothing of yours to undo", NOTHING_CHANGED)
        # The entries of a deed stand in one piece, since it held the lock.
        undone = list(entries(desk.store, device=tx.device, seqs=(deed.first_seq, deed.last_seq)))
        name = deed_name(undone[0].action, undone[0].reason)
        # A wrong file is often noticed late, and nobody voids hundreds of rows one by one.
        if name != "import" and tx.now - undone[0].at > UNDO_WITHIN:
            raise RuleRefused("It was done more than a day ago", NOTHING_CHANGED, guards.INSTEAD)
        shown = guards.shown_since(desk, undone[0].at)
        touched: dict[tuple[str, str], Entry] = {}
        for entry in undone:
            touched.setdefault((entry.entity, entry.entity_id), entry)
        following = guards.claims_among(undone)
        backward = sorted(reversed(touched.items()), key=lambda each: guards.after_its_log(each[1], undone))
        for (entity, entity_id), first in backward:
            steps = history(desk.store, entity, entity_id)
            before, stands = entry_before(steps, first), read(steps[-1])
            record = withdrawn(stands) if before is None or read(before).voided else read(before)
            guards.refuse_if_closed(desk, stands, record)
            guards.refuse_if_changed(steps, deed)
            guards.refuse_if_shown(steps[-1], shown)
            if record.voided:
                guards.refuse_if_used(desk, entity, entity_id)
            else:
                # As it stood before the deed began, which may have changed what it stands on as well.
                guards.refuse_if_unfit(desk, record, undone[0].at, following)
            tx.append("undo", entity, record, f"undo of {name}, {first.device}:{first.seq}")
        return Undone(name, tuple(touched), undone[0].at)


def redo(desk: Desk) -> Undone:
    """Do again what who acts undid last, whole, unless they have done something else since.

    Raises:
        RuleRefused: there is nothing to redo, or what was undone no longer fits in.
    """
    with desk.write() as tx:
        deed = deed_to_redo(own_deeds(desk))
        if deed is None:
            raise RuleRefused(
                "There is nothing of yours to redo",
                NOTHING_CHANGED,
                "What was undone can be redone until you do something else.",
            )
        undone = list(entries(desk.store, device=tx.device, seqs=(deed.first_seq, deed.last_seq)))
        name = deed_name(undone[0].action, undone[0].reason)
        if name != "import" and tx.now - undone[0].at > UNDO_WITHIN:
            raise RuleRefused("It was undone more than a day ago", NOTHING_CHANGED, "Do it anew instead.")
        shown = guards.shown_since(desk, undone[0].at)
        # An undo goes backward through its deed, so that a redo goes forward: a patient before the cover.
        again = [put_back(desk, entry, deed) for entry in reversed(undone)]
        following = guards.claims_among(each.done for each in again)
        again.sort(key=lambda each: guards.after_its_log(each.done, undone))
        guards.refuse_if_imported_again(desk, (each.record for each in again))
        for each, entry, newest, record in again:
            # Who may do it no more does not do it by this either.
            if tx.check is not None:
                tx.check(each.action, each.entity, record)
            guards.refuse_if_closed(desk, read(newest), record)
            if not read(newest).voided:
                guards.refuse_if_shown(newest, shown)
            if record.voided:
                guards.refuse_if_used(desk, entry.entity, record.id, following)
            else:
                guards.refuse_if_unfit(desk, record, undone[0].at, following)
            tx.append("redo", entry.entity, record, f"redo{entry.reason.removeprefix('undo')}")
        return Undone(
            name, tuple((each.done.entity, each.done.entity_id) for each in again), again[0].done.at
        )


def put_back(desk: Desk, undone: Entry, deed: Deed) -> Again:
    """What an undo took away, as it was before; refused where it was changed since."""
    steps = history(desk.store, undone.entity, undone.entity_id)
    guards.refuse_if_changed(steps, deed)
    done = entry_before(steps, undone)
    assert done is not None
    return Again(done, undone, steps[-1], read(done))


def own_deeds(desk: Desk) -> Iterator[Deed]:
    """The deeds of who acts on this device, newest first, but for those that change no record."""
    device = desk.store.local("device")
    mine = entries(desk.store, device=device, staff=desk.staff.id, newest_first=True)
    for command, of_command in groupby(mine, key=lambda entry: entry.command):
        whole = list(of_command)
        first = whole[-1]
        # The making of the practice is no deed that anybody wants undone.
        if first.action not in UNMOVING and not any(entry.entity == "practice" for entry in whole):
            yield Deed(command, first.action, first.seq, whole[0].seq)


def entry_before(steps: list[Entry], entry: Entry) -> Entry | None:
    """The entry of a record that came before one of its entries; None where that one made it."""
    at = next(i for i, step in enumerate(steps) if step.seq == entry.seq)
    return steps[at - 1] if at else None


def read(entry: Entry) -> Entity:
    """A record as one of its entries left it."""
    return ENTITIES[entry.entity].model_validate_json(entry.body)


def withdrawn(record: Entity) -> Entity:
    """A record as if it had not been made: voided, and no longer recognised by an import."""
    forget = {"source": None} if isinstance(record, Activity) else {}
    return record.model_copy(update={"voided": True, **forget})
