"""Verification names the first break, whatever was done to the file by somebody who has the key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import EditPatient, VoidActivity
from casemgr.core.ledger import GENESIS, entry_hash
from casemgr.errors import InputRefused
from casemgr.services.activities import void_activity
from casemgr.services.importing import import_log
from casemgr.services.patients import edit_patient
from casemgr.services.safety import verify_practice
from casemgr.store.ledger import head

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from casemgr.services.desk import Desk
    from casemgr.settings import Settings
    from casemgr.store.verify import Report
    from tests.store.conftest import Execute, Log
    from tests.support import Cli

    Tampering = Callable[[], AbstractContextManager[Execute]]


REPLACED = """
INSERT OR REPLACE INTO ledger SELECT device, seq, at, staff, action, entity, entity_id, reason, command,
replace(body, 'booked', 'refused'), prev, hash FROM ledger WHERE seq = 4
"""

SWAPPED = """
UPDATE ledger SET seq = CASE seq WHEN 6 THEN -8 WHEN 8 THEN -6 END WHERE seq IN (6, 8);
UPDATE ledger SET seq = -seq WHERE seq < 0
"""

INSERTED = """
UPDATE ledger SET seq = seq + 100 WHERE seq >= 6;
UPDATE ledger SET seq = seq - 99 WHERE seq >= 100;
INSERT INTO ledger SELECT device, 6, at, staff, action, entity, entity_id, reason, command, body, prev, hash
FROM ledger WHERE seq = 5
"""


IDS = (
    *("body", "later", "earlier", "staff", "reason", "command", "hash"),
    *("deleted", "first", "replaced", "swapped", "inserted"),
)


@pytest.fixture
def check(desk: Desk, log: Log, settings: Settings) -> Callable[..., Report]:
    """Verifies a practice of twelve entries."""
    for _ in range(4):
        log()
    desk.close()
    return lambda *against: verify_practice(settings.places, against)


@pytest.mark.parametrize("renamed", ["0:0", "Lopez", "Ana", "李"])
def test_a_renamed_patient_leaves_a_sound_record(
    desk: Desk, ana: str, settings: Settings, tmp_path: Path, renamed: str
) -> None:
    # The search index forgets an activity by the words that it was found by, the patient's name among them.
    log = tmp_path / "log.csv"
    log.write_text(
        'Date,Staff,Patient,Type,Minutes,Outcome\n10/1/2026,amy,"Garcia, Ana 4/9/2012",referral,20,booked\n',
        encoding="utf-8",
    )
    assert import_log(desk, log).summary["accepted"] == 1
    edit_patient(desk, EditPatient(ana, {"last_name": renamed}))
    void_activity(desk, VoidActivity("last", "entered twice"))
    desk.close()

    assert verify_practice(settings.places).problems == ()


def test_a_sound_record_holds(check: Callable[..., Report]) -> None:
    report = check()

    assert report.ok
    assert report.problems == ()
    assert report.entries == 11
    assert report.head is not None
    assert report.head.seq == 11


@pytest.mark.parametrize(
    ("sql", "seq"),
    [
        ("UPDATE ledger SET body = replace(body, '20', '21') WHERE seq = 4", 4),
        ("UPDATE ledger SET at = at + 1 WHERE seq = 5", 5),
        ("UPDATE ledger SET at = at - 100000000 WHERE seq = 5", 5),
        ("UPDATE ledger SET staff = 'bob' WHERE seq = 6", 6),
        ("UPDATE ledger SET reason = 'because' WHERE seq = 7", 7),
        ("UPDATE ledger SET command = 'x' WHERE seq = 7", 7),
        ("UPDATE ledger SET hash = replace(hash, substr(hash, 1, 1), 'g') WHERE seq = 7", 7),
        ("DELETE FROM ledger WHERE seq = 8", 8),
        ("DELETE FROM ledger WHERE seq = 1", 1),
        (REPLACED, 4),
        (SWAPPED, 6),
        (INSERTED, 6),
    ],
    ids=[
        "body",
        "later",
        "earlier",
        "staff",
        "reason",
        "command",
        "hash",
        "deleted",
        "first",
        "replaced",
        "swapped",
        "inserted",
    ],
)
def test_the_first_break_is_named(
    check: Callable[..., Report], tampering: Tampering, sql: str, seq: int
) -> None:
    with tampering() as execute:
        for statement in sql.split(";"):
            execute(statement)
    report = check()

    assert not report.ok
    assert report.broken is not None
    assert report.broken.seq == seq
    assert report.problems[0].startswith(f"ledger: {report.broken.device}:{seq}: ")


def cut(execute: Execute, first: int) -> None:
    """Take the entries from a position on away, and what they made of the tables."""
    rows = execute("SELECT DISTINCT entity_id FROM ledger WHERE seq >= ?", (first,))
    for (entity_id,) in rows:
        execute("DELETE FROM activities WHERE id = ?", (entity_id,))
        execute("DELETE FROM follow_ups WHERE id = ?", (entity_id,))
    execute("DELETE FROM ledger WHERE seq >= ?", (first,))


def test_a_tail_that_was_cut_without_a_trace_is_shown_by_what_was_printed(
    check: Callable[..., Report], tampering: Tampering
) -> None:
    printed = str(check().head)
    with tampering() as execute:
        cut(execute, 10)

    assert not check(printed).ok
    report = check()
    # The search index has entries of rows that are gone, which is not for us to count on.
    assert report.broken is None
    report = check(printed)
    assert report.broken is not None
    assert report.broken.seq == 10
    assert "entry 11" in report.problems[0]


def test_a_chain_that_was_written_anew_is_shown_by_what_was_printed(
    check: Callable[..., Report], tampering: Tampering
) -> None:
    printed = check().head
    assert printed is not None
    with tampering() as execute:
        columns = "device, seq, at, staff, action, entity, entity_id, reason, command, body"
        rows = execute(f"SELECT {columns}, prev FROM ledger WHERE seq >= 4 ORDER BY seq")
        prev = str(rows[0][-1])
        for device, seq, at, staff, action, entity, entity_id, reason, command, body, _ in rows:
            image = json.loads(str(body))
            if entity == "activity":
                image["minutes"] = 60
            text = json.dumps(image, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            texts = (str(one) for one in (staff, action, entity, entity_id, reason, command, text))
            digest = entry_hash(prev, str(device), int(str(seq)), int(str(at)), *texts)
            execute("UPDATE ledger SET body = ?, prev = ?, hash = ? WHERE seq = ?", (text, prev, digest, seq))
            prev = digest
        execute("UPDATE activities SET minutes = 60")

    assert check().ok
    report = check(printed.short)
    assert report.broken is not None
    assert (report.broken.seq, "rewritten" in report.broken.what) == (11, True)


def test_a_chain_that_this_file_s_device_did_not_write_is_told(
    check: Callable[..., Report], tampering: Tampering
) -> None:
    """It is sound by itself and says what the tables say, so nothing else would show it."""
    assert check().ok
    with tampering() as execute:
        columns = "at + 1, staff, action, entity, entity_id, reason, command, body"
        ((at, *texts),) = execute(f"SELECT {columns} FROM ledger WHERE seq = 11")
        said = [str(one) for one in texts]
        digest = entry_hash(GENESIS, "ZZZZ", 1, int(str(at)), *said)
        execute(
            "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ("ZZZZ", 1, at, *said, GENESIS, digest),
        )
    report = check()

    assert report.broken is None
    (problem,) = report.problems
    assert problem.startswith("ledger: ZZZZ is not this file's device, which is ")


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE activities SET minutes = 45", "differs from the ledger in minutes"),
        ("UPDATE patients SET last_name = 'Smith', search_key = 'smith ana'", "in last_name, search_key"),
        ("UPDATE follow_ups SET done_on = '2026-10-22'", "follow_ups: "),
        ("DELETE FROM follow_ups", "stands in the ledger and not in the table"),
        ("INSERT INTO timers (id, voided, patient_id, kind, note, started_at, running_since, banked_seconds) "
         "VALUES ('bob', 0, '', '', '', 1, 1, 0)", "timers: bob stands in the table and not in the ledger"),
        ("UPDATE practice SET npi = '1234567893'", "practice: practice differs from the ledger in npi"),
        ("DELETE FROM practice", "practice: practice stands in the ledger and not in the table"),
    ],
)  # fmt: skip
def test_a_row_that_is_not_what_the_ledger_says_is_named(
    check: Callable[..., Report], tampering: Tampering, sql: str, told: str
) -> None:
    with tampering() as execute:
        execute(sql)
    report = check()

    assert not report.ok
    assert report.broken is None
    assert any(told in problem for problem in report.problems)
    assert len(report.problems) <= 10


def test_a_guard_that_was_taken_away_is_told(check: Callable[..., Report], tampering: Tampering) -> None:
    with tampering() as execute:
        execute("DROP INDEX claims_by_month")
        execute("CREATE TABLE other (a)")
        execute("DROP TRIGGER patients_found_update")
        execute("CREATE TRIGGER patients_found_update AFTER UPDATE ON patients BEGIN SELECT 1; END")

    assert check().problems == (
        "schema: index claims_by_month is missing",
        "schema: table other is not ours",
        "schema: trigger patients_found_update was changed",
    )


def test_an_entry_that_cannot_be_projected_is_named_without_what_it_holds(
    check: Callable[..., Report], tampering: Tampering
) -> None:
    with tampering() as execute:
        execute("""UPDATE ledger SET body = '{"id":"Garcia Ana"}' WHERE seq = 4""")
    report = check()

    assert report.problems[-1].startswith("ledger: it cannot be replayed: ")
    assert ":4 " in report.problems[-1]
    assert "Garcia" not in " ".join(report.problems)


def test_others_may_write_while_it_is_verified(desk: Desk, log: Log, settings: Settings) -> None:
    log()
    seen: list[str] = []

    def told(what: str) -> None:
        seen.append(what)
        log()

    report = verify_practice(settings.places, told=told)

    assert report.ok
    assert len(seen) == 5
    assert report.entries == 7
    assert head(desk.store).seq == 15


def test_a_witness_that_cannot_be_read_is_refused(desk: Desk, settings: Settings) -> None:
    with pytest.raises(InputRefused, match="is not a witness"):
        verify_practice(settings.places, ["K7Q2"])


def test_the_command_line_proves_and_disproves(
    check: Callable[..., Report], tampering: Tampering, run_cli: Cli
) -> None:
    printed = str(check().head)

    assert json.loads(run_cli("verify", "--json").stdout) == {
        "ok": True,
        "entries": 11,
        "head": printed,
        "problems": [],
    }
    assert printed in run_cli("verify", "--against", printed, "--against", printed[:30]).stdout
    assert run_cli("verify", "--against", "nonsense", code=3).stdout == ""

    with tampering() as execute:
        execute("UPDATE ledger SET staff = 'bob' WHERE seq = 6")
    told = run_cli("verify", "--json", code=8)
    assert told.stderr == ""
    report = json.loads(told.stdout)
    assert report["ok"] is False
    assert report["problems"] == [f"ledger: {printed[:4]}:6: its content is not what was hashed"]
    assert report["problems"][0] in run_cli("verify", code=8).stderr


def test_a_practice_without_its_practice_is_verified_all_the_same(
    check: Callable[..., Report], tampering: Tampering, run_cli: Cli
) -> None:
    with tampering() as execute:
        execute("DELETE FROM ledger WHERE entity = 'practice'")
        execute("DELETE FROM practice")

    run_cli("activity", "list", code=4)
    assert json.loads(run_cli("verify", "--json", code=8).stdout)["problems"][0].endswith("after 1 comes 3")


def test_a_page_half_written_back_stands_whole_in_the_log(desk: Desk, log: Log, settings: Settings) -> None:
    """As a program leaves it that had no space, or was killed, while it folded the log back into the file."""
    log("20m referral #1030: consult => booked")
    path = settings.places.database
    frame = path.with_name(f"{path.name}-wal").read_bytes()[32:]
    page = int.from_bytes(frame[:4])
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096 + 2048)
        file.write(bytes(2048))
    assert verify_practice(settings.places).ok
    desk.close()
    assert verify_practice(settings.places).ok


def test_a_page_that_stands_nowhere_whole_is_damage(desk: Desk, log: Log, settings: Settings) -> None:
    log("20m referral #1030: consult => booked")
    desk.close()
    with settings.places.database.open("r+b") as file:
        file.seek(3 * 4096 + 2048)
        file.write(bytes(2048))
    assert [one for one in verify_practice(settings.places).problems if "page 4" in one]
