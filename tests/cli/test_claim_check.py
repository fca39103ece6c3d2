"""`casemgr claim check` as a process: a page of one claim, a line for each of several, JSON, exit codes."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from casemgr.core.checks import CHECKS
from tests.cli.support import read_json

if TYPE_CHECKING:
    from tests.support import Cli


def test_claims_are_checked_one_by_one_and_by_the_month(practice: Cli) -> None:
    for chart in ("1030", "1031"):
        practice("coverage", "add", chart, "--payer", "Sunrise Medicaid Dental", "--member", f"SYN{chart}")
        practice("log", f"20m referral #{chart} 10/20/2026: surgery consult => booked")
    first, second = (
        one["number"] for one in read_json(practice, "claim", "draft", "--month", "2026-10")["claims"]
    )

    page = practice("claim", "check", first, code=5)
    assert "Garcia, Ana" in page.stdout
    assert "of 100: " in page.stdout
    assert "error    No case was open on its dates" in page.stdout
    assert "Mend: casemgr case open 1031" in page.stdout
    assert "not ready" in page.stderr
    mended = shlex.split(next(line for line in page.stdout.splitlines() if "--tax-id" in line))
    assert mended[1:] == ["casemgr", "practice", "edit", "--tax-id", "…"]
    practice(*mended[2:])

    several = practice("claim", "check", "--month", "2026-10", code=5)
    assert [line.split()[0] for line in several.stdout.splitlines()[2:]] == [first, second]
    assert practice("claim", "check", first, second, "--full", code=5).stdout.count("of 100: ") == 2

    checked = json.loads(practice("claim", "check", "--month", "2026-10", "--json", code=5).stdout)
    assert [one["number"] for one in checked] == [first, second]
    assert all(not one["ready"] and 0 <= one["score"] < 100 for one in checked)
    (case,) = [one for one in checked[0]["findings"] if one["check"] == "case"]
    assert (case["severity"], case["reason"], case["mend"]["record"]) == ("error", "documentation", "case")

    practice("claim", "check", code=2)
    practice("claim", "check", "XXXX-2026-0001", code=4)
    practice("claim", "check", "--month", "2020-01", code=4)


def test_what_each_check_looks_at_is_listed_without_a_practice(run_cli: Cli) -> None:
    listed = run_cli("claim", "check", "--list").stdout
    assert all(check.id in listed and check.looks_at in listed for check in CHECKS)
    assert "--list" in run_cli("claim", "check", "--help").stdout
