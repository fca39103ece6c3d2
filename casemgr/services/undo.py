"""Undoing the last own deed: by new entries that restore what was before, never by taking any away."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from casemgr.clock import MICROSECONDS
from casemgr.core.history import Deed, deed_to_undo
from casemgr.core.ledger import DISCLOSURES, Entry
from casemgr.core.records import ENTITIES, Activity, Claim, Entity
from casemgr.errors import RuleRefused
from casemgr.store.ledger import entries, history
from casemgr.store.reads import standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from casemgr.services.desk import Desk
    from casemgr.store.database import Store


UNDO_WITHIN = 24 * 60 * 60 * MICROSECONDS

VOID_FIRST = "Void the claim first: casemgr claim void {} --reason …"
STANDS_ON: dict[str, tuple[tuple[Callable[[Store, str], str | int], str, str], ...]] = {
    "activity": ((standing.claim_of, "It stands on claim {}", VOID_FIRST),),
    "patient": (
        (
            standing.activities_of_patient,
            "Work has been logged for this patient since, {} times",
            "Edit the patient instead.",
        ),
        (
            standing.cases_of_patient,
            "A case was opened for this patient since",
            "Edit the patient instead.",
        ),
    ),
    "staff": (
        (
            standing.activities_of_staff,
            "They have logged work since, {} times",
            "Say when they left instead.",
        ),
    ),
    "coverage": ((standing.claim_under_coverage, "Claim {} was drafted under it since", VOID_FIRST),),
    "case": ((standing.claim_under_case, "Claim {} was drafted under it since", VOID_FIRST),),
}
"""What may stand on a record, by its entity: the read that finds it, what to say, and what to do."""


class Undone(NamedTuple):
    """What was undone: the action and its records, such as `log` of an activity and a follow-up."""

    action: str
    records: tuple[tuple[str, str], ...]
    """Entity and id of each."""
    at: int


def undo(desk: Desk) -> Undone:
    """Undo the last deed of who acts, whole.

    Raises:
        RuleRefused: there is nothing to undo, or somebody has built on it since.
    """
    with desk.write() as tx:
        deed = deed_to_undo(own_deeds(desk))
        if deed is None:
            raise RuleRefused("There is nothing of yours to undo", "Nothing was changed.")
        # The entries of a deed stand in one piece, since it held the lock.
        undone = list(entries(desk.store, device=tx.device, seqs=(deed.first_seq, deed.last_seq)))
        refuse_if_old(undone[0], tx.now)
        shown = shown_since(desk, undone[0].at)
        touched: dict[tuple[str, str], Entry] = {}
        for entry in undone:
            touched.setdefault((entry.entity, entry.entity_id), entry)
        for (entity, entity_id), first in reversed(touched.items()):
            steps = history(desk.store, entity, entity_id)
            refuse_if_changed(steps, deed)
            refuse_if_shown(steps[-1], shown)
            at = next(i for i, entry in enumerate(steps) if entry.seq == first.seq)
            model = ENTITIES[entity]
            if at and (restored := model.model_validate_json(steps[at - 1].body)) and not restored.voided:
                record = restored
                refuse_if_claimed_since(desk, record, first.at)
            else:
                record = withdrawn(model.model_validate_json(steps[-1].body))
                refuse_if_used(desk, entity, entity_id)
            tx.append("undo", entity, record, f"undo of {deed.action}, {first.device}:{first.seq}")
        return Undone(deed.action, tuple(touched), undone[0].at)


def own_deeds(desk: Desk) -> Iterator[Deed]:
    """The deeds of who acts on this device, newest first, but for disclosures."""
    device = desk.store.local("device")
    mine = entries(desk.store, device=device, staff=desk.staff.id, newest_first=True)
    for command, of_command in groupby(mine, key=lambda entry: entry.command):
        whole = list(of_command)
        first = whole[-1]
        # The making of the practice is no deed that anybody wants undone.
        if first.action not in DISCLOSURES and not any(entry.entity == "practice" for entry in whole):
            yield Deed(command, first.action, first.seq, whole[0].seq)


def refuse_if_old(first: Entry, now: int) -> None:
    """An undo is for slips. What has stood for a day is amended or voided, with a reason."""
    # A wrong file is often noticed late, and nobody voids hundreds of rows one by one.
    if first.action != "import" and now - first.at > UNDO_WITHIN:
        raise RuleRefused(
            "It was done more than a day ago",
            "Nothing was undone.",
            "Amend or void it instead, with a reason.",
        )


def shown_since(desk: Desk, at: int) -> frozenset[str]:
    """What was printed or exported since an instant: claim numbers, and months as `2026-10`."""
    since = entries(desk.store, actions=("export", "print"), since=at + 1)
    return frozenset(json.loads(entry.body)["filters"] for entry in since) - {""}


def refuse_if_shown(newest: Entry, shown: frozenset[str]) -> None:
    """What somebody has on paper is not withdrawn without a reason."""
    image = json.loads(newest.body)
    names: set[str] = set()
    if newest.entity == "claim":
        names = {image["number"], image["month"]}
    elif newest.entity == "activity":
        names = {image["service_date"][:7]}
    if on_paper := names & shown:
        raise RuleRefused(
            f"{max(on_paper, key=len)} was printed or exported since",
            "Nothing was undone: what is on paper is taken back with a reason only.",
            f"Void it: casemgr {newest.entity} void … --reason …",
        )


def refuse_if_changed(steps: list[Entry], deed: Deed) -> None:
    """Refuse where a record is no longer as the deed left it; what was done and undone since is no matter."""
    left = [entry for entry in steps if entry.command == deed.command][-1]
    if steps[-1].body == left.body:
        return
    since = [entry for entry in steps if entry.at > left.at]
    last = next((entry for entry in reversed(since) if entry.action != "undo"), since[-1])
    raise RuleRefused(
        "It was changed again since",
        f"{last.staff} did “{last.action}” on it afterwards. Nothing was undone.",
        "Amend or void it instead, with a reason.",
    )


def refuse_if_claimed_since(desk: Desk, record: Entity, at: int) -> None:
    """Refuse to restore what a claim would no longer agree with.

    An activity may stand on a claim by now; a claim's activities may have changed, or stand on another.
    """
    if isinstance(record, Activity):
        refuse_if_used(desk, "activity", record.id)
    if not isinstance(record, Claim):
        return
    for activity_id in (each for line in record.lines for each in line.activity_ids):
        refuse_if_used(desk, "activity", activity_id)
        steps = history(desk.store, "activity", activity_id)
        then = [entry for entry in steps if entry.at < at][-1]
        if then.body != steps[-1].body:
            raise RuleRefused(
                f"The activities of claim {record.number} have changed since",
                "It would not agree with the log. Nothing was undone.",
                "Draft the month anew instead.",
            )


def refuse_if_used(desk: Desk, entity: str, entity_id: str) -> None:
    """Refuse to pull a record from under what stands on it."""
    for stands, title, todo in STANDS_ON.get(entity, ()):
        found = stands(desk.store, entity_id)
        if found:
            raise RuleRefused(title.format(found), "Nothing was undone.", todo.format(found))


def withdrawn(record: Entity) -> Entity:
    """A record as if it had not been made: voided, and no longer recognised by an import."""
    forget = {"source": None} if isinstance(record, Activity) else {}
    return record.model_copy(update={"voided": True, **forget})
