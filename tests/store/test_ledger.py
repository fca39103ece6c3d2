"""Appending: one transaction a deed, a clock that never goes back, and guards against mistakes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlcipher3.dbapi2 as driver

from casemgr.core.ledger import GENESIS, first_break
from casemgr.core.records import Activity, Disclosure, Patient, Staff
from casemgr.services.desk import open_desk
from casemgr.store.ledger import DEVICE_ALPHABET, entries, head, history, witness, write
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings
    from tests.store.conftest import Log


def test_a_deed_is_one_command_of_consecutive_entries(desk: Desk, log: Log) -> None:
    logged = log()
    *_, activity, follow_up = entries(desk.store)

    assert (activity.action, activity.entity_id) == ("log", logged.activity.id)
    assert (follow_up.action, follow_up.entity_id) == ("add", logged.follow_ups[0].id)
    assert activity.command == follow_up.command
    assert follow_up.prev == activity.hash
    assert (
        Activity.model_validate_json(activity.body)
        == logged.activity
        == load(desk.store, Activity, activity.entity_id)
    )


def test_a_chain_begins_at_nothing_and_has_no_break(desk: Desk, log: Log) -> None:
    for _ in range(5):
        log()
    found = list(entries(desk.store))

    assert found[0].prev == GENESIS
    assert [entry.seq for entry in found] == list(range(1, len(found) + 1))
    assert first_break(found) is None
    assert head(desk.store) == (found[-1].device, found[-1].seq, found[-1].hash)
    assert set(found[0].device) <= set(DEVICE_ALPHABET)
    assert len(found[0].device) == 4


def test_what_is_raised_inside_a_deed_undoes_all_of_it(desk: Desk) -> None:
    before = head(desk.store)
    with pytest.raises(RuntimeError), desk.write() as tx:
        tx.append("add", "staff", Staff(id="bob", name="Bob"))
        raise RuntimeError

    assert head(desk.store) == before
    assert load(desk.store, Staff, "bob") is None
    with desk.write() as tx:
        tx.append("add", "staff", Staff(id="bob", name="Bob"))
    assert head(desk.store).seq == before.seq + 1


def test_time_goes_on_though_the_machine_s_clock_goes_back(desk: Desk, log: Log, clock: FixedClock) -> None:
    log()
    clock.move(hours=-5)
    late = log().activity
    clock.move(seconds=-5)
    log()
    instants = [entry.at for entry in entries(desk.store)]

    assert instants == sorted(set(instants))
    assert late.entered_at in instants
    assert first_break(entries(desk.store)) is None


def test_time_goes_on_past_entries_of_other_devices(desk: Desk, clock: FixedClock) -> None:
    later = clock.now() + timedelta(days=3) // timedelta(microseconds=1)
    desk.store.connection.execute("UPDATE local SET value = 'ZZZZ' WHERE key = 'device'")
    with write(desk.store, "amy", later) as tx:
        tx.append("add", "staff", Staff(id="bob", name="Bob"))
    desk.store.connection.execute("UPDATE local SET value = 'AAAA' WHERE key = 'device'")
    with desk.write() as tx:
        tx.append("edit", "staff", Staff(id="bob", name="Robert"))

    assert tx.now > later
    bob = load(desk.store, Staff, "bob")
    assert bob is not None
    assert bob.name == "Robert"
    assert first_break(entries(desk.store)) is None
    assert [entry.device for entry in history(desk.store, "staff", "bob")] == ["ZZZZ", "AAAA"]


def test_disclosures_do_not_move_the_witness(desk: Desk, log: Log) -> None:
    log()
    before, at = witness(desk.store)
    for action in ("export", "print", "backup", "restore"):
        with desk.write() as tx:
            tx.append(action, "disclosure", Disclosure(id=tx.new_id(), what="month workbook"))

    assert witness(desk.store) == (before, at)
    assert head(desk.store).seq == before.seq + 4
    log()
    assert witness(desk.store)[0].seq > before.seq + 4


def test_two_open_desks_write_one_chain(desk: Desk, log: Log, settings: Settings, clock: FixedClock) -> None:
    other = open_desk(settings, clock=clock)
    try:
        for number in range(4):
            log()
            with other.write() as tx:
                tx.append("add", "staff", Staff(id=f"s{number}", name="S"))
    finally:
        other.close()

    assert first_break(entries(desk.store)) is None


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger SET body = '{}' WHERE seq = 2",
        "DELETE FROM ledger WHERE seq = 2",
        "INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE seq = 2",
        "REPLACE INTO ledger SELECT * FROM ledger WHERE seq = 2",
        "INSERT INTO ledger SELECT * FROM ledger WHERE seq = 2 ON CONFLICT DO UPDATE SET body = '{}'",
    ],
)
def test_no_slip_of_ours_changes_an_entry(desk: Desk, sql: str) -> None:
    with pytest.raises(driver.IntegrityError, match="append-only"):
        desk.store.connection.execute(sql)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("UPDATE activities SET minutes = 0", "CHECK"),
        ("UPDATE activities SET minutes = 721", "CHECK"),
        ("UPDATE activities SET minutes = 'twenty'", "cannot store TEXT"),
        ("UPDATE activities SET minutes = 12.5", "cannot store REAL"),
        ("UPDATE activities SET note = NULL", "NOT NULL"),
        ("UPDATE activities SET patient_id = 'nobody'", "FOREIGN KEY"),
        ("DELETE FROM patients", "FOREIGN KEY"),
        ("INSERT INTO ledger (device, seq) VALUES ('K7Q2', 1)", "NOT NULL"),
    ],
)
def test_the_schema_itself_refuses_nonsense(desk: Desk, log: Log, sql: str, why: str) -> None:
    log()
    with pytest.raises(driver.IntegrityError, match=why):
        desk.store.connection.execute(sql)


def test_a_chart_number_is_one_patient_s(desk: Desk, ana: str) -> None:
    with pytest.raises(driver.IntegrityError), desk.write() as tx:
        twin = Patient(
            id=tx.new_id(), chart_number="1030", last_name="Li", first_name="Bo", birth_date="2001-01-01"
        )
        tx.append("add", "patient", twin)

    assert head(desk.store).seq == 3


def test_text_of_every_script_is_kept_as_it_is(desk: Desk, log: Log) -> None:
    note = "=1+1 [/] “Núñez” 👩🏽‍⚕️ مرحبا 你好 e\u0301 \u2028 \\ \" ' ; -- \x01 a\0b"
    logged = log(note)
    found = load(desk.store, Activity, logged.activity.id)

    assert found is not None
    assert found.note == note
    assert first_break(entries(desk.store)) is None
