"""What forbids to put a record back, or to pull it away: paper, claims, and what others did since."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from casemgr.core.billing import Claim, MonthClose, PatientPayment, Remittance
from casemgr.core.entities import ENTITIES
from casemgr.core.records import Activity, Case, Coverage, FollowUp, Patient, Staff
from casemgr.core.sources import shown_by
from casemgr.errors import InputRefused, RuleRefused
from casemgr.services.cases import check_case
from casemgr.services.coverages import check_coverage
from casemgr.services.patients import check_patient
from casemgr.services.refusals import NOTHING_CHANGED
from casemgr.services.runs import refuse_closed, title_of
from casemgr.store.ledger import entries, history
from casemgr.store.reads import standing
from casemgr.store.reads.activities import known_digests
from casemgr.store.reads.claims import claim_by_number, standing_lines
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from casemgr.core.entity import Entity
    from casemgr.core.history import Deed
    from casemgr.core.ledger import Entry
    from casemgr.services.desk import Desk
    from casemgr.store.database import Store

INSTEAD = "Amend or void it instead, with a reason."

VOID_FIRST = "Void claim {} first, with a reason."
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


def shown_since(desk: Desk, at: int) -> dict[str, str]:
    """What was printed or exported since an instant: the claim's number or the month, by what is on paper.

    That is a month as `2026-10`, a claim's number, or the id of an activity on such a claim, which stays on
    its paper when the claim is voided.
    """
    found: dict[str, str] = {}
    for entry in entries(desk.store, actions=("export", "print"), since=at + 1):
        for name in shown_by(json.loads(entry.body)["filters"]):
            if name in found:
                continue
            claim = claim_by_number(desk.store, name)
            activities = (each for line in claim.lines for each in line.activity_ids) if claim else ()
            found |= dict.fromkeys((name, *activities), name)
    return found


def refuse_if_shown(newest: Entry, shown: Mapping[str, str]) -> None:
    """What somebody has on paper does not change without a reason."""
    image = json.loads(newest.body)
    names: set[str] = set()
    if newest.entity == "claim":
        names = {image["number"], image["month"]}
    elif newest.entity == "activity":
        names = {newest.entity_id, image["service_date"][:7], image.get("run_month", "")}
    if on_paper := {shown[name] for name in names & shown.keys()}:
        raise RuleRefused(
            f"{max(on_paper, key=len)} was printed or exported since",
            f"{NOTHING_CHANGED} What is on paper is changed or taken back with a reason only.",
            f"To take it back, void the {newest.entity}, with a reason.",
        )


def refuse_if_changed(steps: list[Entry], deed: Deed) -> None:
    """Refuse where a record is no longer as the deed left it; what was done and undone since is no matter."""
    left = [entry for entry in steps if entry.command == deed.command][-1]
    if same(steps[-1], left):
        return
    since = [entry for entry in steps if entry.at > left.at]
    last = next((entry for entry in reversed(since) if entry.action != "undo"), since[-1])
    raise RuleRefused(
        "It was changed again since",
        f"{last.staff} did “{last.action}” on it afterwards. {NOTHING_CHANGED}",
        INSTEAD,
    )


def same(one: Entry, other: Entry) -> bool:
    """Whether two entries of a record say the same, be one of them from before a field was added."""
    model = ENTITIES[one.entity]
    return one.body == other.body or (
        model.model_validate_json(one.body) == model.model_validate_json(other.body)
    )


def refuse_if_closed(desk: Desk, stands: Entity, goes_back: Entity) -> None:
    """Refuse to undo or redo what a closed month holds, and its closing itself.

    A claim's life goes on: only its lines are held.
    """
    if isinstance(stands, MonthClose):
        raise RuleRefused(
            f"{title_of(stands.id)} was {'closed' if stands.closed else 'reopened'}",
            f"A month is closed and reopened for everybody, and with a word why. {NOTHING_CHANGED}",
            f"`casemgr month show {stands.id}` says how it stands.",
        )
    for record in (stands, goes_back):
        if isinstance(record, Activity):
            refuse_closed(desk, record.billed_in)
    if (
        isinstance(stands, Claim)
        and isinstance(goes_back, Claim)
        and (stands.lines, stands.voided) != (goes_back.lines, goes_back.voided)
    ):
        refuse_closed(desk, stands.month)


def claims_among(deed: Iterable[Entry]) -> frozenset[str]:
    """Numbers of the claims that a deed changed: those that followed what it did to their activities."""
    return frozenset(json.loads(entry.body)["number"] for entry in deed if entry.entity == "claim")


def after_its_log(entry: Entry, deed: Iterable[Entry]) -> bool:
    """Whether a record goes back after the others of a deed: a claim does after its activities."""
    return entry.entity == "claim" and any(one.entity == "activity" for one in deed)


def refuse_if_unfit(desk: Desk, record: Entity, at: int, following: Collection[str] = ()) -> None:
    """Refuse to put a live record back where it would break a rule by now.

    An activity may stand on a claim; a claim's activities may have changed, or stand on another; whom it is
    about may be gone; its place may be taken.

    Args:
        desk: the open practice; the caller holds the write lock.
        record: as it would stand again.
        at: when it last stood so.
        following: numbers of claims that go back with it, on which it may stand.
    """
    if isinstance(record, Activity):
        refuse_if_used(desk, "activity", record.id, following)
        refuse_if_gone(desk, Staff, record.staff, "Who did the work")
    if isinstance(record, Claim):
        refuse_if_gone(desk, Coverage, record.coverage_id, "Its coverage")
        refuse_if_gone(desk, Case, record.case_id, "Its case")
        standing = load(desk.store, Claim, record.id)
        # A live claim that keeps its lines claims nothing anew: only its state goes back.
        if standing is None or standing.voided or standing.lines != record.lines:
            refuse_if_claimed_otherwise(desk, record, at)
    if isinstance(record, Remittance | PatientPayment):
        refuse_if_gone(desk, Claim, record.claim_id, "The claim")
    if isinstance(record, Activity | Claim | Coverage | Case | FollowUp):
        refuse_if_gone(desk, Patient, record.patient_id, "The patient")
    try:
        if isinstance(record, Patient):
            check_patient(desk, record, allow_namesake=True)
        elif isinstance(record, Coverage):
            check_coverage(desk, record)
        elif isinstance(record, Case):
            patient = load(desk.store, Patient, record.patient_id)
            assert patient is not None
            check_case(desk, record, patient)
    except (InputRefused, RuleRefused) as error:
        raise RuleRefused(error.title, NOTHING_CHANGED, error.todo, error.candidates) from error


def refuse_if_gone(desk: Desk, model: type[Entity], entity_id: str, what: str) -> None:
    """Refuse what would be about a record that was withdrawn since; an empty id is about none."""
    found = load(desk.store, model, entity_id) if entity_id else None
    if found is not None and found.voided:
        raise RuleRefused(f"{what} was withdrawn since", NOTHING_CHANGED, "Do it anew with another one.")


def refuse_if_claimed_otherwise(desk: Desk, claim: Claim, at: int) -> None:
    """Refuse a claim with which the log, or another claim, would no longer agree."""
    live = load(desk.store, Claim, claim.id)
    own = live.lines if live and not live.voided else ()
    for activity_id in (each for line in claim.lines for each in line.activity_ids):
        refuse_if_used(desk, "activity", activity_id, (claim.number,))
        steps = history(desk.store, "activity", activity_id)
        then = [entry for entry in steps if entry.at < at][-1]
        if not same(then, steps[-1]):
            raise RuleRefused(
                f"The activities of claim {claim.number} have changed since",
                f"It would not agree with the log. {NOTHING_CHANGED}",
                "Draft the month anew instead.",
            )
    taken = standing_lines(desk.store, (claim.patient_id,))
    taken -= {(claim.patient_id, line.service_date, line.code) for line in own}
    if any((claim.patient_id, line.service_date, line.code) in taken for line in claim.lines):
        raise RuleRefused(
            f"Another claim bills a day of claim {claim.number} under the same code",
            f"It would be billed twice. {NOTHING_CHANGED}",
            "Void that claim, then draft the month anew.",
        )


def refuse_if_used(desk: Desk, entity: str, entity_id: str, following: Collection[str] = ()) -> None:
    """Refuse to pull a record from under what stands on it, but for claims that follow, by their numbers."""
    for stands, title, todo in STANDS_ON.get(entity, ()):
        found = stands(desk.store, entity_id)
        if found and found not in following:
            raise RuleRefused(title.format(found), NOTHING_CHANGED, todo.format(found))


def refuse_if_imported_again(desk: Desk, records: Iterable[Entity]) -> None:
    """Refuse to put imported activities back that have come in anew."""
    digests = [record.source.digest for record in records if isinstance(record, Activity) and record.source]
    if digests and known_digests(desk.store, digests):
        raise RuleRefused(
            "Some of it was imported again since",
            f"It would be in twice. {NOTHING_CHANGED}",
            "`casemgr activity list` shows what is in.",
        )
