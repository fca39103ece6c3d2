"""`casemgr backup` and `casemgr restore` as processes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from casemgr.clock import SystemClock
from casemgr.services.daily import SWITCH, Note, read_note, write_note
from casemgr.settings import read_settings
from tests.cli.support import entries, in_a_terminal, read_json

if TYPE_CHECKING:
    from tests.support import Cli

LINE = "5m referral 1030: consult => booked"


def test_a_backup_is_made_listed_and_tried_out(practice: Cli) -> None:
    before = entries(practice)
    assert practice("backup", "october.db").stdout == "october.db\n"
    path = read_json(practice, "backup")["path"]
    made = read_json(practice, "backup", "list", "--check")
    assert [(one["path"], one["kind"], one["ok"], one["slots"]) for one in made] == [
        (path, "by hand", True, True)
    ]
    assert made[0]["entries"] == before + 1
    shown = practice("backup", "list").stdout
    assert "by hand" in shown
    assert "not checked" in shown

    drilled = practice("backup", "drill", "october.db").stdout
    assert "Riverside Community Dental" in drilled
    assert "all the same" in drilled
    value = read_json(practice, "backup", "drill")
    assert value["path"] == path
    assert (value["missing"], value["strangers"]) == (0, 0)
    assert value["tables"]["patients"]["rows"] == 3
    assert [one["action"] for one in read_json(practice, "ledger", "list", "--limit", "2")] == ["drill"] * 2


def test_a_target_may_be_called_as_a_command_is(practice: Cli) -> None:
    assert practice("backup", "make", "list").stdout == "list\n"
    assert (practice.cwd / "list").exists()
    assert "There is none" in practice("backup", "list").stderr
    practice("backup", "nothing", "else", code=2)
    words = {"_CASEMGR_COMPLETE": "bash_complete", "COMP_WORDS": "casemgr backup ", "COMP_CWORD": "2"}
    offered = practice(env=words).stdout.splitlines()
    assert offered == ["plain,drill", "plain,list", "plain,make", "file,"]


def test_a_backup_that_does_not_hold_is_listed_with_an_exit_code(practice: Cli) -> None:
    path = read_json(practice, "backup")["path"]
    with Path(path).open("r+b") as file:
        file.seek(5 * 4096 + 9)
        file.write(b"\0\0\0\0")
    found = read_json(practice, "backup", "list", "--check", code=8)
    assert [one["ok"] for one in found] == [False]
    practice("backup", "list")
    practice("backup", "drill", code=8)


def test_what_a_restore_would_replace_is_shown_without_a_change(practice: Cli) -> None:
    practice("backup", "october.db")
    practice("log", LINE)
    before = entries(practice)
    shown = practice("restore", "october.db", "--show").stdout
    assert "Riverside Community Dental" in shown
    assert "1 entry that the backup has not" in shown
    value = read_json(practice, "restore", "october.db", "--show")
    assert value["counts"] == {"patients": 3, "activities": 0, "claims": 0, "open_follow_ups": 0}
    assert value["present"]["counts"]["activities"] == 1
    assert value["present"]["beyond"] == 1
    assert entries(practice) == before


@pytest.mark.skipif(os.name != "posix", reason="terminals are POSIX's")
def test_a_terminal_is_shown_it_and_asked(practice: Cli) -> None:
    practice("backup", "october.db")
    practice("log", LINE)
    before = entries(practice)
    refused = in_a_terminal(practice, "restore", "october.db", types="n\n")
    assert "1 entry that the backup has not" in refused
    assert "Nothing was half done" in refused
    assert entries(practice) == before
    done = in_a_terminal(practice, "restore", "october.db", types="y\n")
    assert "Restored Riverside Community Dental" in done
    assert entries(practice) < before


def test_what_kept_the_daily_backup_from_being_made_is_said_once(practice: Cli) -> None:
    places = read_settings({"CASEMGR_HOME": str(practice.home)}).places
    # Begun just now, so that no process is started.
    note = Note(SystemClock().now(), words="The daily backup could not be made.")
    write_note(places, note)
    for said in (True, False):
        told = practice("patient", "list", env={SWITCH: ""}).stderr
        assert ("could not be made" in told) == said
    assert read_note(places) == note._replace(told=True)
