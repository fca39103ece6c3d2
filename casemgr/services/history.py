"""Everything that was ever done to a record, as differences that people can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from casemgr.core.history import Change, changes
from casemgr.services.activities import activity_id
from casemgr.store.ledger import history
from casemgr.store.reads.records import full_id

if TYPE_CHECKING:
    from datetime import datetime

    from casemgr.services.desk import Desk


class Step(NamedTuple):
    """One entry of a record's history."""

    when: datetime
    """In the practice's time zone."""
    action: str
    staff: str
    reason: str
    place: str
    """Device and position in the ledger, such as K7Q2:123."""
    hash: str
    changes: tuple[Change, ...]

    def value(self) -> dict[str, Any]:
        """As JSON."""
        return {
            **self._asdict(),
            "when": self.when.isoformat(),
            "changes": [change._asdict() for change in self.changes],
        }


def history_of(desk: Desk, entity: str, text: str) -> list[Step]:
    """The history of a record, oldest first.

    Raises:
        NotFound: there is no such record.
    """
    entity_id = activity_id(desk, text) if entity == "activity" else full_id(desk.store, entity, text)
    steps, before = [], ""
    for entry in history(desk.store, entity, entity_id):
        steps.append(
            Step(
                desk.local(entry.at),
                entry.action,
                entry.staff,
                entry.reason,
                f"{entry.device}:{entry.seq}",
                entry.hash,
                tuple(changes(before, entry.body)),
            )
        )
        before = entry.body
    return steps
