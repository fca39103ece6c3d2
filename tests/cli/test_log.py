"""`casemgr log` and `casemgr undo` as processes."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.cli.support import entries, read_json

if TYPE_CHECKING:
    from tests.support import Cli

LINE = "20m referral Garcia Ana 4/9/2012: oral surgery consult => booked !tomorrow confirm ride"


def test_one_line_logs_an_activity_and_says_how_it_was_understood(practice: Cli) -> None:
    done = practice("log", LINE)
    assert "Garcia, Ana 4/9/2012 #1030 · Referral coordination · 20 min" in done.stdout
    assert "oral surgery consult" in done.stdout
    assert "booked  (Consult booked)" in done.stdout
    assert "confirm ride" in done.stdout
    (row,) = read_json(practice, "activity", "list")
    assert (row["minutes"], row["kind"], row["outcome"], row["outcome_words"]) == (
        20,
        "referral",
        "consult_booked",
        "booked",
    )
    assert [each["what"] for each in read_json(practice, "follow-up", "list")] == ["confirm ride"]
    # The line needs no quotation marks where the shell takes nothing out of it.
    value = read_json(practice, "log", "5m", "ride", "#1031:", "no", "car", "=>", "ride", "confirmed")
    assert (value["kind"], value["minutes"], value["status"]) == ("transport", 5, "signed")
    assert practice("undo").stderr.startswith("Undone: log of 1 activity, done ")
    assert read_json(practice, "undo")["action"] == "log"
    assert read_json(practice, "activity", "list") == []
    assert "nothing of yours" in practice.acting("tchen")("undo", code=5).stderr


def test_what_was_undone_is_redone_until_something_else_is_done(practice: Cli) -> None:
    practice("log", LINE)
    practice("undo")
    told = practice("redo")
    assert told.stdout == ""
    assert told.stderr.startswith("Redone: log of 1 activity, 1 follow-up, done ")
    assert len(read_json(practice, "activity", "list")) == 1
    assert practice("undo").stderr.startswith("Undone: log of 1 activity, 1 follow-up, done ")
    value = read_json(practice, "redo")
    assert (value["action"], [each["entity"] for each in value["records"]]) == (
        "log",
        ["activity", "follow_up"],
    )
    refused = practice("redo", code=5)
    assert "nothing of yours to redo" in refused.stderr
    assert "until you do something else" in refused.stderr


def test_a_template_begins_the_note(practice: Cli) -> None:
    args = (
        "log",
        "15m ride 1030: they were rude => no van",
        "--template",
        "no ride",
        "--set",
        "vendor=City Cab",
    )
    refused = practice(*args, code=3).stderr
    assert "visit_date, what_they_said and next_vendor" in refused
    assert "--set what_they_said=…" in refused
    assert read_json(practice, "activity", "list") == []

    more = (
        "--set",
        "visit_date=10/28/2026",
        "--set",
        "what_they_said=no van",
        "--set",
        "next_vendor=MetroRide",
    )
    value = read_json(practice, *args, *more)
    assert value["note"] == (
        "Asked City Cab for a ride to the visit on 10/28/2026: no van. To be tried next: MetroRide. "
        "they were rude"
    )
    assert value["fields"] == {"vendor": "City Cab", "visit_date": "2026-10-28"}
    assert "Ride booked" in practice("log", "5m ride 1030 => x", "--template", "none", code=3).stderr


def test_flags_complete_the_line_and_stand_alone(practice: Cli) -> None:
    value = read_json(
        practice.acting("tchen"),
        *("log", "15m ride: no car => ride confirmed", "--patient", "1030", "--as", "tchen"),
        *("--set", "vendor=City Cab", "--set", "both_ways=yes", "--method", "phone", "--start", "9:10"),
        *(
            "--follow-up",
            "tomorrow confirm",
            "--contacted",
            "mother",
            "--next-step",
            "call",
            "--date",
            "yesterday",
        ),
    )
    assert value["fields"] == {"vendor": "City Cab", "both_ways": "yes"}
    assert (value["method"], value["start"], value["contacted"]) == ("phone", "09:10", "mother")
    assert (value["staff"], value["late_days"]) == ("tchen", 1)
    assert [each["what"] for each in value["follow_ups"]] == ["confirm"]
    assert any("late entry" in warning for warning in value["warnings"])
    assert date.fromisoformat(value["follow_ups"][0]["due_date"]) - date.fromisoformat(
        value["service_date"]
    ) == timedelta(days=2)
    alone = ("--patient", "1030", "--kind", "education", "--minutes", "1h05", "--draft")
    draft = read_json(practice, "log", *alone)
    assert (draft["minutes"], draft["status"], draft["outcome"]) == (65, "draft", "")


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("20m referral Garcia Ana: consult => booked",), 3, ("4/9/2012", "4/9/1985", "Nothing was saved")),
        (("20m referral Nobody Known: consult => booked",), 3, ("Nobody Known", "Nothing was saved")),
        (("20m massage #1030: back => better",), 3, ("kind", "Nothing was saved")),
        (("0m referral #1030: consult => booked",), 3, ("minutes",)),
        (("900m referral #1030: consult => booked",), 3, ("720",)),
        (("20m referral #1030 2/30: consult => booked",), 3, ("date",)),
        (("20m referral #1030: consult",), 3, ("outcome",)),
        (("20m ride #1030: x => ride confirmed", "--set", "vender=x"), 3, ("vender", "vendor")),
        (("20m ride #1030: x => ride confirmed", "--set", "vendor"), 3, ("field=value",)),
        (("20m ride #1030: x => ride confirmed", "--kind", "rid"), 3, ("“rid”", "transport")),
        (
            ("20m ride #1030: x => ride confirmed", "--as", "tchen"),
            5,
            ("mrivera has unlocked", "Nobody acts as tchen"),
        ),
        (("20m ride #1030: x => ride confirmed", "--no-such"), 2, ("--no-such",)),
        ((), 2, ("Nothing to log",)),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_saved_is_told_and_nothing_is(
    practice: Cli, args: tuple[str, ...], code: int, said: tuple[str, ...]
) -> None:
    done = practice("log", *args, code=code)
    assert done.stdout == ""
    for word in said:
        assert word in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert read_json(practice, "activity", "list") == []


class TestBatch:
    def test_all_lines_are_saved_as_one_deed(self, practice: Cli) -> None:
        lines = [
            json.dumps({"text": LINE}),
            "",
            json.dumps({"patient": "1031", "kind": "ride", "minutes": 15, "outcome": "ride confirmed"}),
        ]
        values = read_json(practice, "log", "--batch", stdin="\n".join(lines))
        assert [value["minutes"] for value in values] == [20, 15]
        practice("undo")
        assert read_json(practice, "activity", "list") == []
        assert practice("log", "--batch", stdin="").stdout == ""

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("{not json", "not JSON"),
            ("[1]", "not a JSON object"),
            ('{"text": "20m referral Garcia Ana: x => booked"}', "4/9/1985"),
            ('{"text": "20m ride #1030: x => ride confirmed", "fields": {"vender": "x"}}', "vender"),
            ('{"text": "20m ride #1030: x => ride confirmed", "date": "2/30"}', "date"),
            ('{"patient": "1030", "minuts": 5}', "minutes"),
        ],
    )
    def test_one_wrong_line_keeps_all_out_and_is_named(self, practice: Cli, line: str, said: str) -> None:
        good = json.dumps({"text": LINE})
        done = practice("log", "--batch", stdin=f"{good}\n\n{line}\n{good}\n", code=3)
        assert done.stderr.startswith("Line 3")
        assert said in done.stderr
        assert read_json(practice, "activity", "list") == []

    def test_it_takes_nothing_beside_standard_input(self, practice: Cli) -> None:
        assert "standard input" in practice("log", "--batch", LINE, code=2).stderr


def test_who_has_unlocked_acts_and_nobody_else_can_be_named(practice: Cli) -> None:
    line = "5m ride #1031: no car => ride confirmed"
    refused = practice("log", line, env={"CASEMGR_STAFF": "tchen"}, code=5).stderr
    assert "mrivera has unlocked the data, and so acts" in refused
    assert (
        read_json(practice, "log", line, "--as", "mrivera", env={"CASEMGR_STAFF": "tchen"})["staff"]
        == "mrivera"
    )
    theirs = practice.acting("tchen")
    theirs("--as", "tchen", "log", line)
    theirs("log", line)
    theirs("--as", "mrivera", "log", line, code=5)
    assert [row["staff"] for row in read_json(practice, "activity", "list")] == ["mrivera", "tchen", "tchen"]
    assert [
        one["staff"] for one in read_json(practice, "ledger", "list", "--entity", "access", "--limit", "2")
    ] == [
        "tchen",
        "mrivera",
    ]


def test_a_practices_own_kind_is_one_file_and_a_broken_one_is_told(practice: Cli) -> None:
    folder = practice.home / "config" / "activities"
    folder.mkdir(parents=True)
    own = folder / "benefits.toml"
    good = (
        'kind = "benefits"\ntitle = "Benefits enrolment"\naliases = ["enrolment", "medicaid form"]\n'
        'code = "D9993"\nnomenclature = "D9991"\nsentence = "helping with enrolment[ in {programme}]"\n'
        '[[field]]\nname = "programme"\nlabel = "Programme"\nrequired = true\n'
        '[[outcome]]\nid = "filed"\nlabel = "Application filed"\ncontact = true\n'
        '[[outcome]]\nid = "other"\nlabel = "Other"\n'
    )
    own.write_text(good, encoding="utf-8")
    value = read_json(
        practice,
        "log",
        "25m medicaid form #1030: forms => application filed",
        "--set",
        "programme=MassHealth",
    )
    assert (value["kind"], value["outcome"], value["fields"]) == (
        "benefits",
        "filed",
        {"programme": "MassHealth"},
    )
    before = entries(practice)
    for broken, said in (
        (good.replace('label = "Programme"', 'label = "Programme'), "line 9"),
        (good.replace("aliases", "alises"), "aliases"),
        (good.replace("{programme}", "{program}"), "programme"),
    ):
        own.write_text(broken, encoding="utf-8")
        done = practice("log", LINE, code=9)
        assert "benefits.toml" in done.stderr
        assert said in done.stderr, done.stderr
    own.write_text(good, encoding="utf-8")
    assert entries(practice) == before


def test_bytes_that_are_no_text_are_refused(practice: Cli) -> None:
    """A shell hands on whatever it was given; Python reads it as lone surrogates."""
    before = entries(practice)
    done = practice("log", "20m referral #1030: caf\udce9 => booked", code=3)
    assert "no valid Unicode" in done.stderr
    assert "Traceback" not in done.stderr
    assert entries(practice) == before


def test_a_batch_takes_a_byte_order_mark_and_no_key_twice(practice: Cli) -> None:
    line = '{"text": "5m ride #1030: x => booked"}\n'
    practice("log", "--batch", stdin="\ufeff" + line)
    twice = practice("log", "--batch", stdin=line + '{"text": "a", "text": "b"}', code=3).stderr
    assert "Line 2" in twice
    assert "'text'" in twice
    assert len(read_json(practice, "activity", "list")) == 1


def test_a_pasted_file_is_no_note(practice: Cli) -> None:
    told = practice("log", "5m ride #1030: x => booked", "--note", "y" * 20_001, code=3).stderr
    assert "20,001" in told
    practice("log", "5m ride #1030: x => booked", "--note", "y" * 20_000)
