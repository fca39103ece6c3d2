"""`casemgr month` as processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.support import entries, read_json

if TYPE_CHECKING:
    from tests.support import Cli

LINES = (
    '{"text": "20m referral #1030 9:00 9/21/2026: consult => booked"}\n'
    '{"text": "15m ride #1031 9:10 9/20/2026: no car", "draft": true}\n'
)


def test_a_month_is_shown_closed_and_reopened(practice: Cli) -> None:
    practice("log", "--batch", stdin=LINES)
    (listed,) = read_json(practice, "month", "list")
    assert (listed["month"], listed["state"]["closed"], listed["minutes"]) == ("2026-09", False, 35)

    refused = practice("month", "close", "2026-09", code=5).stderr
    assert "1 unsigned draft: sign them: casemgr activity sign." in refused
    before = entries(practice)
    tried = read_json(practice, "month", "close", "2026-09", "--reason", "on leave", "--dry-run")
    assert (tried["closed"], tried["moved"], tried["taken_with"]) == (False, 1, ["1 unsigned draft"])
    assert entries(practice) == before

    closed = practice("month", "close", "2026-09", "--reason", "on leave", "-o", "september.xlsx")
    assert closed.stdout.splitlines()[-1].endswith("september.xlsx")
    assert "September 2026 is closed" in closed.stderr
    assert "Taken as it is: 1 unsigned draft." in closed.stderr
    told = practice("month", "show", "2026-09").stdout
    for words in ("closed by mrivera", "on leave", "1 unsigned draft", "september.xlsx"):
        assert words in told
    shown = read_json(practice, "month", "show", "2026-09")
    assert (shown["minutes"], shown["differing"], shown["late_out"][0]["activities"]) == (20, {}, 1)
    (signed,) = read_json(practice, "activity", "list", "--patient", "1030")
    locked = practice("activity", "void", signed["id"], "--reason", "twice", code=5).stderr
    assert "casemgr month reopen 2026-09 --why" in locked

    logged = practice("log", "10m ride #1030 9/22/2026: no car => ride confirmed")
    assert "September 2026 is closed: it will be billed with" in logged.stderr
    assert "too late for September 2026" in practice("activity", "show", "last").stdout
    assert "with --why" in practice("month", "reopen", "2026-09", code=3).stderr
    assert (
        "2 activities that had come too late"
        in practice("month", "reopen", "2026-09", "--why", "it was too early").stderr
    )
    entries(practice)


def test_a_workbook_that_is_in_the_way_leaves_the_month_closed(practice: Cli) -> None:
    (practice.cwd / "there.xlsx").write_bytes(b"another")
    told = practice("month", "close", "2026-09", "-o", "there.xlsx", code=7).stderr
    assert "casemgr export month 2026-09" in told
    assert read_json(practice, "month", "show", "2026-09")["state"]["closed"]
