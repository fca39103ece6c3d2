"""Encrypting for recipients, the question before the clear, and the list of what left, as processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyrage

from tests.cli.support import entries, in_a_terminal, read_json

if TYPE_CHECKING:
    from tests.support import Cli


def test_files_are_encrypted_for_whom_the_practice_knows_and_the_list_says_so(practice: Cli) -> None:
    identity = pyrage.x25519.Identity.generate()
    key = str(identity.to_public())
    added = practice("recipient", "add", "harbor-audit", key, "--note", "read out by telephone")
    assert added.stderr == f"Added harbor-audit ({key[:12]}…{key[-6:]}).\n"
    assert read_json(practice, "recipient", "list") == [
        {
            "name": "harbor-audit",
            "key": key,
            "short": f"{key[:12]}…{key[-6:]}",
            "note": "read out by telephone",
        }
    ]

    audit = ("--recipient", "harbor-audit", "--sent-to", "Harbor Dental", "--purpose", "audit")
    sealed = read_json(practice, "export", "month", "2026-10", "-o", "october.xlsx", *audit)
    assert sealed["path"] == str(practice.cwd / "october.xlsx.age")
    content = pyrage.decrypt((practice.cwd / "october.xlsx.age").read_bytes(), [identity])
    practice("export", "month", "2026-10", "-o", "clear.xlsx")
    assert content == (practice.cwd / "clear.xlsx").read_bytes()

    (clear, encrypted) = read_json(practice, "report", "disclosures")["listed"]
    assert (clear["how"], clear["purpose"]) == ("in the clear", "payment")
    assert (encrypted["sent_to"], encrypted["purpose"]) == ("Harbor Dental", "audit")
    assert encrypted["sha256"] == clear["sha256"] == sealed["sha256"]
    shown = practice("report", "disclosures", "--patient", "1032")
    assert "2 documents of several patients left" in shown.stderr

    practice("recipient", "remove", "harbor-audit")
    refused = practice("export", "month", "2026-10", *audit, code=4).stderr
    assert "no recipient “harbor-audit”" in refused


def test_the_clear_is_asked_for_once_on_a_terminal_and_refused_without_one(practice: Cli) -> None:
    practice("staff", "add", "bokafor", "Bisi Okafor")
    newcomer = practice.acting("bokafor")
    export = ("export", "month", "2026-10", "-o", "october.xlsx")
    before = entries(practice)

    refused = newcomer(*export, code=5).stderr
    assert "--clear" in refused
    assert "--recipient" in refused
    declined = in_a_terminal(newcomer, *export, types="n\n")
    assert "Anyone who gets this file can read it" in declined
    assert entries(practice) == before
    assert not (practice.cwd / "october.xlsx").exists()

    assert "Agrees with the log" in in_a_terminal(newcomer, *export, types="y\n")
    again = in_a_terminal(newcomer, "export", "month", "2026-10", "-o", "again.xlsx", types="")
    assert "Anyone" not in again
    actions = [one["action"] for one in read_json(practice, "ledger", "list", "--limit", "3")]
    assert actions == ["export", "export", "clear"]


def test_clear_is_that_yes_for_scripts(practice: Cli) -> None:
    practice("staff", "add", "bokafor", "Bisi Okafor")
    newcomer = practice.acting("bokafor")

    newcomer("claim", "print", "--month", "2026-10", "--clear", code=4)
    newcomer("export", "month", "2026-10", "--clear")
    newcomer("export", "workbook", "activity-log", "--month", "2026-10")
    found = read_json(practice, "ledger", "list", "--entity", "access", "--staff", "bokafor")
    assert [one["entity_id"] for one in found if one["action"] == "clear"] == ["clear-bokafor"]


def test_a_backup_for_a_recipient_is_shown_and_restored_with_the_secret_key(practice: Cli) -> None:
    identity = pyrage.x25519.Identity.generate()
    (practice.cwd / "key.txt").write_text(f"{identity}\n", "utf-8")
    made = practice("backup", "october.db", "--recipient", str(identity.to_public()))
    assert made.stdout == f"{practice.cwd / 'october.db.age'}\n"
    assert "only its recipients can open it" in made.stderr

    assert "--identity" in practice("restore", "october.db.age", code=3).stderr
    opened = ("restore", "october.db.age", "--identity", "key.txt")
    assert "Riverside Community Dental" in practice(*opened, "--show").stdout
    assert "Restored Riverside Community Dental" in practice(*opened).stdout
    assert read_json(practice, "ledger", "list", "--limit", "1")[0]["action"] == "restore"
