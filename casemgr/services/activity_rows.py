"""Activities as rows of a workbook, streamed, with the log's own figures beside them."""

from __future__ import annotations

import json
from datetime import date, time
from typing import TYPE_CHECKING

from casemgr.core.ids import short
from casemgr.core.methods import method_label
from casemgr.core.month import ActivityRow
from casemgr.core.text import initials
from casemgr.store.reads.activities import activities, totals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.rows import ActivityFilter
    from casemgr.core.rows import ActivityRow as StoredRow
    from casemgr.services.desk import Desk


class ActivityRows:
    """The activities of a filter; the caller holds a snapshot of the store."""

    def __init__(self, desk: Desk, wanted: ActivityFilter) -> None:
        """Get ready to ask."""
        self.desk = desk
        self.wanted = wanted

    def figures(self) -> dict[str, int]:
        """How many there are, and their minutes, as the log adds them up itself."""
        rows, minutes = totals(self.desk.store, self.wanted)
        return {"log.rows": rows, "log.minutes": minutes}

    def rows(self) -> Iterator[ActivityRow]:
        """One at a time, by service date."""
        for row in activities(self.desk.store, self.wanted):
            kind = self.desk.kinds.kept(row.kind)
            outcome = kind.outcome(row.outcome)
            birth_date = date.fromisoformat(row.birth_date)
            yield ActivityRow(
                service_date=date.fromisoformat(row.service_date),
                start=time.fromisoformat(row.start) if row.start else None,
                patient=row.patient,
                initials=initials(row.last_name, row.first_name),
                birth_date=birth_date,
                birth_year=birth_date.year,
                chart_number=row.chart_number,
                kind=kind.title,
                code=row.code,
                minutes=row.minutes,
                staff=row.staff_name,
                credential=row.credential,
                method=method_label(row.method),
                contacted=row.contacted,
                outcome=outcome.label if outcome else row.outcome,
                outcome_words=row.outcome_words,
                reason=row.reason,
                response=row.response,
                next_step=row.next_step,
                note=row.note,
                details="; ".join(
                    f"{label}: {value}" for label, value in kind.details(json.loads(row.fields))
                ),
                status=row.status,
                claim_number=row.claim_number,
                late_days=row.late_days,
                amended=bool(row.amended),
                entered_on=self.desk.local(row.entered_at).date(),
                entered_by=row.entered_by,
                signed_by=row.signed_by,
                place=place_of(row),
                short_id=short(row.id),
                late_from=row.late_from,
            )


def place_of(row: StoredRow) -> str:
    """File, sheet and row of the practice's own log, where an activity came from one."""
    if not row.source:
        return ""
    source = json.loads(row.source)
    return f"{source['file']}, {source['sheet']}, row {source['row']}"
