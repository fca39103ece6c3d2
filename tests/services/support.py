"""Short ways to work at a desk, and a practice filled from its own files."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from casemgr.clock import FixedClock
from casemgr.core.billing import Submission
from casemgr.core.commands import AddCoverage, AmendActivity, OpenCase
from casemgr.core.dates import Month
from casemgr.core.rows import ActivityFilter
from casemgr.services.activities import amend_activity, listed, log_activity
from casemgr.services.cases import open_case
from casemgr.services.claims import draft_claims
from casemgr.services.coverages import add_coverage
from casemgr.services.desk import open_desk
from casemgr.services.entries import wish_from_text
from casemgr.services.importing_people import import_patients, import_staff
from casemgr.services.releases import allow_clear
from casemgr.services.setup import create_practice
from casemgr.settings import read_settings
from casemgr.store.ledger import entries
from casemgr.store.verify import verify
from tests.support import PASSPHRASE, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from casemgr.core.billing import Claim, ClaimStatus
    from casemgr.core.records import Activity, Coverage
    from casemgr.core.rows import ActivityRow
    from casemgr.services.desk import Desk

    Anew = Callable[[], AbstractContextManager[Desk]]
    """What the fixture `anew` gives: it opens the desk on a copy of its own."""

PRACTICE = ROOT / "tests" / "data" / "practice"
MIGRATIONS = ROOT / "schema" / "migrations"
OCTOBER, SEPTEMBER = Month(2026, 10), Month(2026, 9)
SUNRISE = "Sunrise Medicaid Dental"
TODAY = date(2026, 10, 21)
ACME = 'name = "Acme Dental"\n[fees]\nD9993 = 4500\n'
"""A practice's own payer."""
RIDE = "15m ride #1030 10/20: no car => ride confirmed !10/26 confirm"
"""A line about Ana Garcia, with something to be done."""


def log(desk: Desk, line: str, *, draft: bool = False) -> Activity:
    """Log a line."""
    return log_activity(desk, wish_from_text(desk, line, draft=draft)).activity


def cover(desk: Desk, patient_id: str, first: str = "", last: str = "", payer: str = SUNRISE) -> Coverage:
    """Cover a patient."""
    return add_coverage(desk, AddCoverage(patient_id, payer, "SYN0000001", first, last))


def amended_claim(desk: Desk, patient_id: str) -> Claim:
    """A claim of two lines under a case; what was logged of one was amended before it was drafted."""
    cover(desk, patient_id)
    case = OpenCase(patient_id, date(2026, 10, 1), complaint="Pain at 17", plan="Rides, since no car")
    open_case(desk, case)
    log(desk, "20m referral #1030 10/19 phone: oral surgery consult => booked 10/28")
    late = log(desk, "15m ride #1030 10/9: no car => ride confirmed")
    amend_activity(desk, AmendActivity(late.id, "call log says 25", {"minutes": 25}))
    (claim,) = draft_claims(desk, OCTOBER).claims
    return claim


def write_payer(desk: Desk, text: str, name: str = "acme") -> None:
    """A practice's own payer file; content that was read before is read again."""
    folder = desk.places.config / "payers"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(text, "utf-8")
    desk.__dict__.pop("payers", None)


def put_claim(desk: Desk, claim: Claim, status: ClaimStatus, sent_on: str = "") -> Claim:
    """Put a claim in a state, as sent on a day where one is given, without going the way there."""
    sent = Submission(
        sent_on=sent_on or "2026-10-31",
        at=0,
        method="paper",
        control_number=f"{claim.number}-1",
        minutes=claim.minutes,
        charge_cents=claim.charge_cents,
    )
    sendings = (sent,) if sent_on else claim.submissions
    put = claim.model_copy(update={"status": status, "submissions": sendings})
    with desk.write() as tx:
        tx.append("put", "claim", put)
    return put


def everything(desk: Desk) -> list[ActivityRow]:
    """All activities that are not voided."""
    return listed(desk, ActivityFilter())


def length(desk: Desk) -> int:
    """How many entries the ledger has."""
    return int((desk.store.one("SELECT count(*) FROM ledger") or (0,))[0])


def assert_whole(desk: Desk) -> None:
    """Chain and tables agree."""
    report = verify(desk.store, MIGRATIONS)
    assert report.ok, report


def filled_practice(home: Path) -> Desk:
    """The practice of the logs with its patients and staff, on 11/21/2026 at noon."""
    settings = read_settings({"CASEMGR_HOME": str(home)})
    clock = FixedClock(datetime(2026, 11, 21, 12, 0, tzinfo=ZoneInfo("America/New_York")))
    desk = create_practice(
        settings.places,
        "Riverside Dental",
        "America/New_York",
        "mrivera",
        "Marisol Rivera",
        clock,
        passphrase=PASSPHRASE,
    )
    allow_clear(desk)
    import_staff(desk, PRACTICE / "staff.csv")
    import_patients(desk, PRACTICE / "patients.csv")
    return desk


def copied_practice(made: Path, home: Path) -> Desk:
    """A desk on a copy of a practice that was made before and closed."""
    shutil.copytree(made, home)
    clock = FixedClock(datetime(2026, 11, 21, 12, 0, tzinfo=ZoneInfo("America/New_York")))
    return open_desk(read_settings({"CASEMGR_HOME": str(home)}), "mrivera", clock)


def minutes_of(rows: Iterable[ActivityRow]) -> int:
    """The minutes of activities."""
    return sum(row.minutes for row in rows)


def activities_of(desk: Desk, claim: Claim) -> list[ActivityRow]:
    """The activities of a claim, by service date and start; those of a voided claim as it had them."""
    ids = tuple(activity_id for line in claim.lines for activity_id in line.activity_ids)
    return listed(desk, ActivityFilter(ids=ids, include_voided=True))


def told_of_slots(desk: Desk) -> list[tuple[str, str]]:
    """What the ledger knows of the slots, in words."""
    found = entries(
        desk.store, entity="access", actions=("invite", "passphrase", "leave", "rekey", "recover")
    )
    return [(one.action, one.reason) for one in found]
