"""`casemgr follow-up` as processes."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from casemgr.core.dates import format_us

if TYPE_CHECKING:
    from tests.support import Cli


def us(iso: str) -> str:
    return format_us(date.fromisoformat(iso))


def listed(cli: Cli, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(cli("follow-up", "list", *words, "--json").stdout)
    return found


def test_a_follow_up_is_added_listed_put_off_and_done(practice: Cli) -> None:
    added = practice("follow-up", "add", "tomorrow", "confirm", "ride", "--patient", "garcia ana 2012")
    assert added.stdout.startswith("Added ")
    assert added.stdout.endswith(" confirm ride · Garcia, Ana 4/9/2012 #1030\n")

    (one,) = listed(practice)
    assert (one["what"], one["state"], one["age_days"]) == ("confirm ride", "ahead", -1)
    assert (one["patient"], one["chart_number"], one["assigned_to"]) == ("Garcia, Ana", "1030", "mrivera")
    assert listed(practice, "--due") == []

    short = one["id"][-6:]
    practice("follow-up", "snooze", short, "today")
    (due,) = listed(practice, "--due")
    assert (due["state"], due["age_days"]) == ("due", 0)

    done = practice("follow-up", "done", short, "--note", "driver confirmed")
    assert done.stdout.startswith(f"Done {short}: ")
    assert listed(practice) == []
    (kept,) = listed(practice, "--all")
    assert (kept["state"], kept["done_by"], kept["done_note"]) == ("done", "mrivera", "driver confirmed")
    assert "was done on" in practice("follow-up", "done", short, code=5).stderr


def test_the_work_that_did_it_finishes_it(practice: Cli) -> None:
    practice("log", "5m referral #1030: OS => booked !tomorrow confirm ride")
    (one,) = listed(practice)
    logged = practice("log", "5m ride #1030: called the driver => ride confirmed", "--done", one["id"][-6:])
    assert f"  done       {us(one['due_date'])} confirm ride\n" in logged.stdout
    assert listed(practice) == []
    (kept,) = listed(practice, "--all")
    assert kept["done_activity_id"]
    practice("undo")
    assert listed(practice) == [one]
    value = {"text": "5m ride #1030: called => ride confirmed", "done": "last"}
    batch = practice("log", "--batch", "--json", stdin=json.dumps(value))
    assert json.loads(batch.stdout)[0]["finished"]["id"] == one["id"]
    plain = json.loads(practice("log", "5m ride #1030: x => ride confirmed", "--json").stdout)
    assert plain["finished"] is None


def test_attempts_to_reach_the_patient_stand_beside_it(practice: Cli) -> None:
    practice("follow-up", "add", "tomorrow", "call again", "--patient", "1030")
    practice("follow-up", "add", "tomorrow", "order kits")
    assert "Attempts" not in practice("follow-up", "list").stdout
    practice("log", "5m no-show #1030 phone yesterday: called => left vm", "--set", "missed_date=10/13/2025")
    practice("log", "5m no-show #1030 phone: called => no answer")
    table = practice("follow-up", "list").stdout
    assert "Attempts" in table
    assert f"2, last {format_us(practice_today(practice))}: No answer" in table
    ladders = [one["ladder"] for one in listed(practice)]
    assert ladders[1] is None
    assert (ladders[0]["count"], ladders[0]["days_since_last"], ladders[0]["missed_on"]) == (
        2,
        0,
        "2025-10-13",
    )
    assert [each["reached"] for each in ladders[0]["attempts"]] == [False, False]
    assert "2, last " in practice("patient", "show", "1030").stdout
    practice("log", "5m no-show #1030 phone: called => reached pt rebooked")
    assert "Attempts" not in practice("follow-up", "list").stdout
    assert [one["ladder"] for one in listed(practice)] == [None, None]
    shown = json.loads(practice("patient", "show", "1030", "--json").stdout)
    assert (shown["ladder"]["count"], shown["ladder"]["reached"]) == (3, True)
    assert json.loads(practice("patient", "show", "1031", "--json").stdout)["ladder"] is None


def practice_today(cli: Cli) -> date:
    """The service date of what was logged last."""
    row = json.loads(cli("activity", "show", "last", "--json").stdout)
    return date.fromisoformat(row["service_date"])


def test_one_is_given_to_somebody_else(practice: Cli) -> None:
    practice("follow-up", "add", "2w", "order kits")
    given = practice("follow-up", "assign", "last", "tchen", "--reason", "knows the supplier")
    assert given.stdout.startswith("Assigned ")
    assert given.stdout.endswith(" order kits · for tchen\n")
    assert listed(practice, "--mine") == []
    (one,) = listed(practice, "--staff", "tchen")
    assert "tchen's already" in practice("follow-up", "assign", one["id"], "tchen", code=3).stderr
    back = json.loads(practice("follow-up", "assign", one["id"], "mrivera", "--json").stdout)
    assert back["assigned_to"] == "mrivera"


def test_the_list_narrows_to_patient_and_person(practice: Cli) -> None:
    practice("follow-up", "add", "2w", "order kits", "--for", "tchen")
    practice("follow-up", "add", "1w", "call again", "--patient", "1031")
    practice("log", "5m referral #1030: OS => booked !tomorrow confirm ride")
    assert [one["what"] for one in listed(practice)] == ["confirm ride", "call again", "order kits"]
    assert [one["what"] for one in listed(practice, "--patient", "1030")] == ["confirm ride"]
    assert [one["what"] for one in listed(practice, "--mine")] == ["confirm ride", "call again"]
    assert [one["what"] for one in listed(practice, "--staff", "tchen")] == ["order kits"]
    assert [one["what"] for one in listed(practice.acting("tchen"), "--mine")] == ["order kits"]
    table = practice("follow-up", "list")
    assert [line.split()[1:3] for line in table.stdout.splitlines()[2:]] == [
        ["in", "1"],
        ["in", "7"],
        ["in", "14"],
    ]
    assert table.stderr == "0 overdue, 0 due today, 3 ahead.\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "2020-01-01", "ride"), 3, "1/1/2020 is in the past"),
        (("add", "someday", "ride"), 3, "is no date"),
        (("add", "tomorrow"), 2, "Missing argument"),
        (("add", "tomorrow", "ride", "--patient", "garcia ana"), 3, "2 patients fit"),
        (("done", "abcdef"), 4, "There is no follow-up"),
        (("snooze", "abcdef", "mon"), 4, "There is no follow-up"),
        (("list", "--mine", "--staff", "tchen"), 2, "not both"),
        (("list", "--all", "--due"), 2, "not both"),
    ],
)
def test_what_is_refused_says_why(practice: Cli, words: tuple[str, ...], code: int, said: str) -> None:
    refused = practice("follow-up", *words, code=code)
    assert said in refused.stderr
    assert refused.stdout == ""
    assert listed(practice, "--all") == []


@pytest.mark.parametrize("verb", ["", "list", "add", "done", "snooze", "assign"])
def test_help_has_examples_first(run_cli: Cli, verb: str) -> None:
    told = run_cli("follow-up", *([verb] if verb else []), "--help").stdout
    assert "Examples:\n" in told
    assert f"casemgr follow-up {verb}".strip() in told
