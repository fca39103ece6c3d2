"""`casemgr activity` as processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.support import entries, read_json

if TYPE_CHECKING:
    from tests.support import Cli

LINES = (
    '{"text": "20m referral #1030 9:00 10/20/2026 phone: oral surgery consult => booked"}\n'
    '{"text": "15m ride #1030 9:10 10/20/2026: no car => ride confirmed", "fields": {"vendor": "City Cab"}}\n'
    '{"text": "5m referral #1031 9/30/2026: perio => left voicemail", "staff": "tchen"}\n'
    '{"text": "7m ride #1032 10/21/2026: to visit", "draft": true}\n'
)
SHAPE = {"id", "service_date", "kind", "minutes", "patient", "staff", "outcome", "status"}


@pytest.fixture
def logged(practice: Cli) -> Cli:
    practice("log", "--batch", stdin=LINES)
    return practice


def minutes(cli: Cli, *args: str) -> list[int]:
    rows = read_json(cli, "activity", "list", *args)
    assert all(row.keys() >= SHAPE for row in rows)
    return [row["minutes"] for row in rows]


def test_lists_are_narrowed_by_every_option(logged: Cli) -> None:
    october = ("--month", "2026-10")
    assert minutes(logged, *october) == [20, 15, 7]
    assert minutes(logged, *october, "--patient", "garcia ana 2012") == [20, 15]
    assert minutes(logged, "--month", "9/2026", "--staff", "tchen") == [5]
    assert minutes(logged, *october, "--kind", "taxi") == [15, 7]
    assert minutes(logged, "--search", "oral surg") == [20]
    assert minutes(logged, "--search", "o'brien") == [7]
    assert minutes(logged, "--from", "9/30/2026", "--to", "2026-10-20") == [5, 20, 15]
    assert minutes(logged, *october, "--status", "draft", "--limit", "1") == [7]
    assert minutes(logged, *october, "--status", "signed", "--limit", "1") == [15]
    assert minutes(logged, *october, "--limit", "2") == [15, 7]
    assert minutes(logged, *october, "--status", "voided") == []


def test_a_list_is_read_by_people_and_by_programs(logged: Cli) -> None:
    told = logged("activity", "list", "--month", "2026-10")
    assert "Garcia, Ana" in told.stdout
    assert "3 activities, 42 min" in told.stderr
    assert all(len(line) == len(line.rstrip()) for line in told.stdout.splitlines())
    (overlap,) = read_json(logged, "activity", "list", "--month", "2026-10", "--overlaps")
    assert (overlap["staff"], overlap["minutes"]) == ("mrivera", 10)
    whole = read_json(logged, "activity", "list", "--month", "2026-10")[1]
    assert whole["fields"] == {"vendor": "City Cab"}
    shown = logged("activity", "show", whole["id"][-6:]).stdout
    for word in ("Garcia, Ana", "City Cab", "Ride confirmed", "15 min", "entry"):
        assert word.lower() in shown.lower()
    assert read_json(logged, "activity", "show", whole["id"]) == whole


def test_amending_voiding_and_signing_leave_their_history(logged: Cli) -> None:
    first = read_json(logged, "activity", "list", "--month", "2026-10")[0]["id"]
    assert "reason" in logged("activity", "amend", first, "--minutes", "25", code=3).stderr
    changed = read_json(
        logged,
        "activity",
        "amend",
        first,
        *("--minutes", "25", "--set", "specialty=endodontics", "--reason", "call log"),
    )
    assert (changed["minutes"], changed["amended"]) == (25, True)
    logged.acting("tchen")("activity", "void", first, "--reason", "twice")
    steps = read_json(logged, "activity", "history", first)
    assert [(step["action"], step["staff"], step["reason"]) for step in steps] == [
        ("log", "mrivera", ""),
        ("amend", "mrivera", "call log"),
        ("void", "tchen", "twice"),
    ]
    assert {"field": "minutes", "before": "20", "after": "25"} in steps[1]["changes"]
    told = logged("activity", "history", first).stdout
    assert "minutes: 20 → 25" in told
    assert "voided" in told
    assert minutes(logged, "--month", "2026-10") == [15, 7]
    assert minutes(logged, "--month", "2026-10", "--status", "voided") == [25]

    draft = read_json(logged, "activity", "list", "--month", "2026-10", "--status", "draft")[0]["id"]
    assert "outcome" in logged("activity", "sign", draft, code=3).stderr
    assert "No complete drafts" in logged("activity", "sign", "--all").stderr
    logged("activity", "amend", draft, "--outcome", "ride confirmed")
    assert "Signed" in logged("activity", "sign", "--all").stderr
    assert read_json(logged, "activity", "show", draft)["status"] == "signed"


def test_several_are_voided_and_signed_at_once_or_none(logged: Cli) -> None:
    ids = [row["id"] for row in read_json(logged, "activity", "list", "--month", "2026-10")]
    refused = logged("activity", "sign", *ids, code=None)
    assert refused.stderr.startswith(f"{ids[0][-6:]}: This activity is signed already")
    refused = logged("activity", "void", *ids, code=3)
    assert refused.stderr.startswith("reason: ")
    ends = [each[-6:] for each in ids]
    told = logged("activity", "void", *ends, "--reason", "twice").stderr
    assert [line.split(";")[0] for line in told.splitlines()] == [f"Voided {each}" for each in ends]
    assert read_json(logged, "activity", "list", "--month", "2026-10") == []
    logged("undo")
    assert len(read_json(logged, "activity", "list", "--month", "2026-10")) == len(ids)


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("show", "ffffff"), 4, "ffffff"),
        (("show",), 2, "'ACTIVITY'"),
        (("amend", "last", "--minutes", "0", "--reason", "x"), 3, "minutes"),
        (("amend", "last", "--minutes", "900", "--reason", "x"), 3, "720"),
        (("amend", "last", "--date", "2/30", "--reason", "x"), 3, "date"),
        (("amend", "last", "--set", "vender=x", "--reason", "x"), 3, "vendor"),
        (("amend", "last", "--kind", "massage", "--reason", "x"), 3, "massage"),
        (("amend", "last", "--reason", "x"), 3, "already"),
        (("void", "last"), 3, "reason"),
        (("sign",), 2, "--all"),
        (("list", "--month", "2026-13"), 3, "no month 13"),
        (("list", "--patient", "garcia"), 3, "4/9/1985"),
        (("list", "--patient", "nobody"), 4, "nobody"),
        (("list", "--staff", "nobody"), 4, "tchen"),
        (("list", "--kind", "massage"), 3, "massage"),
        (("list", "--limit", "0"), 2, "0"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_is_told_and_changes_nothing(
    logged: Cli, args: tuple[str, ...], code: int, said: str
) -> None:
    before = entries(logged)
    done = logged("activity", *args, code=None)
    assert done.returncode in ({3, 4} if "--patient" in args else {code}), done.stderr
    assert said in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert entries(logged) == before
