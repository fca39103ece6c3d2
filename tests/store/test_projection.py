"""The tables are what a replay of the ledger makes of them, whatever was done through the services."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, ParamSpec

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from casemgr.clock import FixedClock
from casemgr.core import commands as wish
from casemgr.core.dates import Month
from casemgr.core.entities import ENTITIES
from casemgr.core.records import Activity, ImportBatch, RejectedRow, Source
from casemgr.errors import CasemgrError
from casemgr.services import activities, cases, claims, coverages, follow_ups, patients, staff, timers, undo
from casemgr.services.desk import migrations_folder
from casemgr.services.setup import create_practice
from casemgr.settings import read_settings
from casemgr.store.database import memory_store
from casemgr.store.projection import KEYS, TABLES, differences, replay
from casemgr.store.verify import verify
from tests.support import PASSPHRASE, folder_in_memory

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.services.desk import Desk
    from tests.store.conftest import Log

OCTOBER = Month(2026, 10)
SERVICE_DATES = st.dates(date(2026, 9, 25), date(2026, 10, 22))
DUE_DATES = st.dates(date(2026, 10, 19), date(2026, 11, 30))
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
KINDS = st.sampled_from(["referral", "transport", "interpreter", "education"])
OUTCOMES = st.sampled_from(["", "booked", "left a message", "asked for the chart"])
PICK = st.integers(0, 1000)

P = ParamSpec("P")


def compare_search(desk: Desk) -> None:
    """Raise where what the search finds is not what the tables say."""
    for index in ("patients_found", "activities_found"):
        desk.store.connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")


class Work(RuleBasedStateMachine):
    """Random work through the services; what they refuse must leave nothing behind either."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(dir=folder_in_memory() or None)
        self.clock = FixedClock(datetime(2026, 10, 21, 16, 0, tzinfo=UTC))
        places = read_settings({"CASEMGR_HOME": self.folder.name}).places
        self.desk = create_practice(
            places, "Riverside", "America/New_York", "amy", "Amy Ames", self.clock, passphrase=PASSPHRASE
        )

    def teardown(self) -> None:
        report = verify(self.desk.store, migrations_folder())
        compare_search(self.desk)
        self.desk.close()
        self.folder.cleanup()
        assert report.problems == ()

    def some(self, table: str, pick: int) -> str:
        """The id of some row of a table, withdrawn ones included."""
        ids = [row[0] for row in self.desk.store.rows(f"SELECT id FROM {table} ORDER BY row")]
        return str(ids[pick % len(ids)]) if ids else "nobody"

    def attempt(self, deed: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Do something that the services may well refuse."""
        with suppress(CasemgrError):
            deed(*args, **kwargs)

    @initialize(language=TEXT)
    def begin_with_a_patient(self, language: str) -> None:
        first = wish.AddPatient(
            "Garcia", "Ana", date(2012, 4, 9), language=language, payer="Sunrise Dental", member_id="SYN1"
        )
        patients.add_patient(self.desk, first)

    @rule(last=TEXT, first=TEXT, payer=st.sampled_from(["", "Sunrise Dental"]))
    def add_patient(self, last: str, first: str, payer: str) -> None:
        added = wish.AddPatient(last, first, date(1990, 1, 5), payer=payer, member_id="SYN2" if payer else "")
        self.attempt(patients.add_patient, self.desk, added, allow_namesake=True)

    @rule(pick=PICK, name=st.sampled_from(["last_name", "chart_number", "address"]), value=TEXT)
    def edit_patient(self, pick: int, name: str, value: str) -> None:
        edit = wish.EditPatient(self.some("patients", pick), {name: value})
        self.attempt(patients.edit_patient, self.desk, edit, allow_namesake=True)

    @rule(login=st.sampled_from(["bob", "tchen"]), name=TEXT, left=st.booleans())
    def keep_staff(self, login: str, name: str, left: bool) -> None:
        self.attempt(staff.add_staff, self.desk, wish.AddStaff(login, name, "RDH"))
        if left:
            self.attempt(staff.edit_staff, self.desk, wish.EditStaff(login, {"active_to": "2026-10-20"}))

    @rule(pick=PICK, start=st.sampled_from(["", "2026-01-01", "2026-11-01"]))
    def add_coverage(self, pick: int, start: str) -> None:
        cover = wish.AddCoverage(self.some("patients", pick), "State Medicaid", "SYN3", start)
        self.attempt(coverages.add_coverage, self.desk, cover)

    @rule(pick=PICK, day=SERVICE_DATES, plan=TEXT, close=st.booleans())
    def keep_a_case(self, pick: int, day: date, plan: str, close: bool) -> None:
        opened = wish.OpenCase(self.some("patients", pick), day, barriers=("Z75.3", "no car"))
        self.attempt(cases.open_case, self.desk, opened)
        self.attempt(cases.edit_case, self.desk, wish.EditCase(self.some("cases", pick), {"plan": plan}))
        if close:
            self.attempt(cases.close_case, self.desk, wish.CloseCase(self.some("cases", pick), day, "done"))

    @rule(
        pick=PICK,
        kind=KINDS,
        day=SERVICE_DATES,
        minutes=st.integers(0, 730),
        outcome=OUTCOMES,
        note=TEXT,
        due=st.lists(DUE_DATES, max_size=2),
        draft=st.booleans(),
    )
    def log(
        self,
        pick: int,
        kind: str,
        day: date,
        minutes: int,
        outcome: str,
        note: str,
        due: list[date],
        draft: bool,
    ) -> None:
        logged = wish.LogActivity(
            self.some("patients", pick),
            kind,
            day,
            minutes,
            outcome,
            note=note,
            start="09:10" if pick % 2 else "",
            follow_ups=tuple(wish.FollowUpWish(one, note) for one in due),
            draft=draft,
        )
        self.attempt(activities.log_activity, self.desk, logged)

    @rule(pick=PICK, minutes=st.integers(0, 730), note=TEXT, reason=TEXT)
    def amend(self, pick: int, minutes: int, note: str, reason: str) -> None:
        amended = wish.AmendActivity(
            self.some("activities", pick), reason, {"minutes": minutes, "note": note}
        )
        self.attempt(activities.amend_activity, self.desk, amended)

    @rule(pick=PICK, reason=TEXT)
    def void(self, pick: int, reason: str) -> None:
        voided = wish.VoidActivity(self.some("activities", pick), reason)
        self.attempt(activities.void_activity, self.desk, voided)

    @rule(pick=PICK)
    def sign(self, pick: int) -> None:
        self.attempt(activities.sign_activity, self.desk, wish.SignActivity(self.some("activities", pick)))

    @rule(pick=PICK, due=DUE_DATES, what=TEXT)
    def follow_up(self, pick: int, due: date, what: str) -> None:
        self.attempt(
            follow_ups.add_follow_up, self.desk, wish.AddFollowUp(due, what, self.some("patients", pick))
        )
        snooze = wish.SnoozeFollowUp(self.some("follow_ups", pick), due)
        self.attempt(follow_ups.snooze_follow_up, self.desk, snooze)

    @rule(pick=PICK, which=PICK, note=TEXT)
    def log_what_did_a_follow_up(self, pick: int, which: int, note: str) -> None:
        logged = wish.LogActivity(
            self.some("patients", pick),
            "transport",
            date(2026, 10, 20),
            5,
            "booked",
            note=note,
            finishes=self.some("follow_ups", which),
        )
        self.attempt(activities.log_activity, self.desk, logged)

    @rule(pick=PICK, login=st.sampled_from(["amy", "bob", "tchen"]))
    def assign_follow_up(self, pick: int, login: str) -> None:
        given = wish.AssignFollowUp(self.some("follow_ups", pick), login)
        self.attempt(follow_ups.assign_follow_up, self.desk, given)

    @rule(pick=PICK, note=TEXT)
    def finish_follow_up(self, pick: int, note: str) -> None:
        done = wish.FinishFollowUp(self.some("follow_ups", pick), note)
        self.attempt(follow_ups.finish_follow_up, self.desk, done)

    @rule(pick=PICK, what=st.sampled_from(["start", "edit", "pause", "resume", "stop", "discard"]), note=TEXT)
    def time(self, pick: int, what: str, note: str) -> None:
        if what == "start":
            self.attempt(timers.start_timer, self.desk, self.some("patients", pick), "referral", note)
        elif what == "edit":
            self.attempt(timers.edit_timer, self.desk, note=note)
        elif what == "stop":
            self.attempt(timers.stop_timer, self.desk, "=> booked")
        elif what == "pause":
            self.attempt(timers.pause_timer, self.desk)
        elif what == "resume":
            self.attempt(timers.resume_timer, self.desk)
        else:
            self.attempt(timers.discard_timer, self.desk)

    @rule()
    def draft_claims(self) -> None:
        self.attempt(claims.draft_claims, self.desk, OCTOBER)

    @rule(pick=PICK, reason=TEXT)
    def void_claim(self, pick: int, reason: str) -> None:
        numbers = [row[0] for row in self.desk.store.rows("SELECT number FROM claims ORDER BY row")]
        if numbers:
            self.attempt(claims.void_claim, self.desk, numbers[pick % len(numbers)], reason)

    @rule()
    def undo(self) -> None:
        self.attempt(undo.undo, self.desk)

    @rule()
    def redo(self) -> None:
        self.attempt(undo.redo, self.desk)

    @rule(pick=PICK, note=TEXT, rejected=st.lists(TEXT, max_size=2))
    def import_a_row(self, pick: int, note: str, rejected: list[str]) -> None:
        with self.desk.write() as tx:
            imported = Activity(
                id=tx.new_id(),
                patient_id=self.some("patients", pick),
                kind="referral",
                staff="amy",
                service_date="2026-10-01",
                minutes=20,
                outcome="other",
                outcome_words="as written",
                note=note,
                entered_at=tx.now,
                entered_by="amy",
                source=Source(file="log.xlsx", sheet="Amy", row=pick + 1, digest=f"{pick:064x}"),
            )
            tx.append("import", "activity", imported)
            batch = ImportBatch(
                id=tx.new_id(),
                kind="log",
                file="log.xlsx",
                sha256="0" * 64,
                imported_at=tx.now,
                accepted=1,
                rejected=tuple(
                    RejectedRow(sheet="Amy", row=7, field="minutes", reason=one) for one in rejected
                ),
            )
            tx.append("import", "import", batch)

    @rule(hours=st.integers(-3, 3))
    def move_the_clock(self, hours: int) -> None:
        self.clock.move(hours=hours)

    @invariant()
    def nothing_is_held(self) -> None:
        assert not self.desk.store.connection.in_transaction


Work.TestCase.settings = settings(stateful_step_count=25)
TestWork = Work.TestCase


def test_every_entity_has_its_table_with_its_fields(desk: Desk) -> None:
    assert TABLES.keys() == ENTITIES.keys()
    for entity, table in TABLES.items():
        columns = {row[1] for row in desk.store.rows(f"PRAGMA table_info({table})")}
        assert set(ENTITIES[entity].model_fields) - {"lines"} <= columns, entity


def test_every_table_of_the_schema_is_compared(desk: Desk) -> None:
    tables = {
        row[0]
        for row in desk.store.rows(
            "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'"
        )
    }
    apart = {"ledger", "local", "drafts", "contents", "sqlite_schema", "_sqlite_migrations"}

    assert tables - apart == set(KEYS)


def test_a_replay_makes_the_same_tables(desk: Desk, log: Log) -> None:
    for _ in range(3):
        log()
    replayed = memory_store(migrations_folder())

    assert len(differences(desk.store, replayed, limit=3)) == 3
    replay(desk.store, replayed)
    assert differences(desk.store, replayed) == []
    replayed.close()


def test_an_entry_without_a_place_in_the_tables_is_named(desk: Desk) -> None:
    store = desk.store
    store.connection.execute(
        "INSERT INTO ledger SELECT device, 3, at + 1, staff, action, 'starship', entity_id, reason, command, "
        "body, prev, hash FROM ledger WHERE seq = 2"
    )
    replayed = memory_store(migrations_folder())
    with pytest.raises(ValueError, match=r"^....:3 cannot be projected \(KeyError\)$"):
        replay(store, replayed)
    replayed.close()


def test_the_search_index_follows_every_change(desk: Desk, log: Log) -> None:
    logged = log("Called about the panoramic image")

    def found(word: str) -> int:
        return len(
            list(
                desk.store.rows(
                    "SELECT 1 FROM activities_found WHERE activities_found MATCH ?", (f'"{word}"*',)
                )
            )
        )

    assert (found("panoramic"), found("pano"), found("image"), found("booked")) == (1, 1, 1, 1)
    activities.amend_activity(
        desk, wish.AmendActivity(logged.activity.id, "misheard", {"note": "Called about the bitewing"})
    )
    assert (found("panoramic"), found("bitewing")) == (0, 1)
    patients.edit_patient(desk, wish.EditPatient(logged.activity.patient_id, {"last_name": "Ortiz"}))
    assert (found("garcia"), found("ortiz")) == (0, 1)
    compare_search(desk)
