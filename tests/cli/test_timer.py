"""`casemgr timer` as processes: each command is another process, as a borrowed laptop would have it."""

from __future__ import annotations

import json
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from casemgr.clock import FixedClock, SystemClock, local
from casemgr.services.setup import create_practice
from casemgr.services.timers import start_timer
from casemgr.settings import read_settings
from tests.support import PASSPHRASE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import Cli


def state(cli: Cli, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(cli("timer", "status", "--json", *words).stdout)
    return found


def test_a_timer_runs_pauses_goes_on_and_becomes_an_activity(practice: Cli) -> None:
    assert state(practice) == {"state": "none", "staff": "mrivera"}
    started = practice("timer", "start", "--patient", "garcia ana 2012", "--kind", "ref", "records", "faxed")
    assert "Garcia, Ana 4/9/2012 #1030 · Referral coordination · records faxed" in started.stderr
    running = state(practice)
    assert (running["state"], running["kind"], running["note"]) == ("running", "referral", "records faxed")
    assert state(practice.acting("tchen"))["state"] == "none"
    practice("timer", "pause")
    assert state(practice)["state"] == "paused"
    assert "paused" in practice("timer", "status").stdout
    practice("timer", "resume")

    stopped = practice("timer", "stop", ": OS consult => booked !tomorrow confirm ride", "--json")
    activity = json.loads(stopped.stdout)
    assert (activity["kind"], activity["minutes"], activity["outcome"]) == ("referral", 1, "consult_booked")
    assert activity["start"] == running["started_at"][11:16]
    assert activity["note"] == "records faxed; OS consult"
    assert [each["what"] for each in activity["follow_ups"]] == ["confirm ride"]
    assert state(practice)["state"] == "none"
    assert "no timer" in practice("timer", "status").stderr


def test_what_is_missing_is_said_and_the_timer_runs_on(practice: Cli) -> None:
    practice("timer", "start", "--kind", "referral")
    refused = practice("timer", "stop", "garcia ana: OS consult => booked", code=3)
    assert "Garcia, Ana 4/9/1985 #1031" in refused.stderr
    assert "runs on" in refused.stderr
    assert state(practice)["state"] == "running"
    saved = practice("timer", "stop", "garcia ana 2012: OS consult => booked")
    assert "Garcia, Ana 4/9/2012 #1030" in saved.stdout
    assert len(json.loads(practice("activity", "list", "--json").stdout)) == 1


def test_the_minutes_that_were_worked_are_logged_instead(practice: Cli) -> None:
    practice("timer", "start", "--patient", "1030", "--kind", "referral")
    refused = practice("timer", "stop", "--minutes", "0", "=> booked", code=3)
    assert refused.stderr.startswith("minutes: ")
    assert state(practice)["state"] == "running"
    stopped = practice("timer", "stop", "--minutes", "1h05", "=> booked", "--json")
    assert json.loads(stopped.stdout)["minutes"] == 65
    assert state(practice)["state"] == "none"


def test_what_it_is_about_changes_while_it_runs(practice: Cli) -> None:
    practice("timer", "start", "--patient", "1030", "records", "faxed")
    told = practice("timer", "edit", "--patient", "garcia ana 1985", "--kind", "ride", "--note", "no car")
    assert told.stdout == ""
    assert told.stderr.endswith(" · Garcia, Ana 4/9/1985 #1031 · Transport assistance · no car\n")
    practice("timer", "edit", "--patient", "", "--kind", "")
    running = state(practice)
    assert (running["patient_id"], running["kind"], running["note"]) == ("", "", "no car")
    assert running["forgotten"] is None
    assert "says this already" in practice("timer", "edit", code=3).stderr


def test_one_that_looks_forgotten_says_so(home: Path, run_cli: Cli) -> None:
    places = read_settings({"CASEMGR_HOME": str(home)}).places
    clock = FixedClock(local(SystemClock().now(), UTC) - timedelta(hours=2))
    desk = create_practice(
        places, "Riverside", "America/New_York", "mrivera", "Marisol Rivera", clock, passphrase=PASSPHRASE
    )
    start_timer(desk, note="calling three surgeons")
    desk.close()
    told = run_cli("timer", "status")
    assert told.stdout.startswith("02:00:")
    assert "entered nothing since" in told.stderr
    assert "casemgr timer stop --minutes 1`" in told.stderr
    assert state(run_cli)["forgotten"]["minutes"] == 1
    run_cli("timer", "edit", "--note", "still calling")
    assert run_cli("timer", "status").stderr == ""
    assert state(run_cli)["forgotten"] is None


def test_undo_gives_the_timer_back(practice: Cli) -> None:
    practice("timer", "start", "--patient", "1030", "--kind", "referral")
    practice("timer", "stop", "=> booked")
    practice("undo")
    assert state(practice)["state"] == "running"
    assert json.loads(practice("activity", "list", "--json").stdout) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("start",), 5, "Your timer runs at 0 min already"),
        (("resume",), 5, "runs already"),
        (("stop",), 3, "Write what came of it"),
        (("edit", "--kind", "juggling"), 3, "is not a kind of activity"),
    ],
)
def test_what_is_refused_says_why(practice: Cli, words: tuple[str, ...], code: int, said: str) -> None:
    practice("timer", "start")
    refused = practice("timer", *words, code=code)
    assert said in refused.stderr
    assert refused.stdout == ""
    assert state(practice)["state"] == "running"
    assert "You have no timer" in practice.acting("tchen")("timer", "pause", code=4).stderr


def test_a_discarded_timer_logs_nothing(practice: Cli) -> None:
    practice("timer", "start", "1030")
    assert practice("timer", "discard").stderr.startswith("Dropped at 00:00:0")
    assert state(practice)["state"] == "none"
    assert json.loads(practice("activity", "list", "--json").stdout) == []


@pytest.mark.parametrize("verb", ["", "start", "edit", "pause", "resume", "stop", "discard", "status"])
def test_help_has_examples_first(run_cli: Cli, verb: str) -> None:
    told = run_cli("timer", *([verb] if verb else []), "--help").stdout
    assert "Examples:\n" in told
    assert f"casemgr timer {verb}".strip() in told
