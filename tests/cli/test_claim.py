"""`casemgr claim` as processes: from the log to the page that an auditor reads."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from tests.cli.support import entries, read_json

if TYPE_CHECKING:
    from tests.support import Cli

LINES = (
    '{"text": "20m referral #1030 10/20/2026 phone: oral surgery consult => booked"}\n'
    '{"text": "15m ride #1030 10/20/2026: no car => ride confirmed"}\n'
    '{"text": "5m referral #1031 10/6/2026: perio => left voicemail"}\n'
    '{"text": "9m ride #1032 10/7/2026: no car => ride confirmed"}\n'
    '{"text": "7m ride #1030 10/21/2026: to visit", "draft": true}\n'
)
OCTOBER = ("--month", "2026-10")


@pytest.fixture
def billable(practice: Cli) -> Cli:
    for chart, payer in (("1030", "Sunrise Medicaid Dental"), ("1031", "Harbor Dental PPO")):
        practice("coverage", "add", chart, "--payer", payer, "--member", f"SYN{chart}")
    practice("log", "--batch", stdin=LINES)
    return practice


def test_a_month_is_drafted_printed_taken_back_and_drafted_anew(billable: Cli, tmp_path: Path) -> None:
    drafted = read_json(billable, "claim", "draft", *OCTOBER)
    assert {claim["minutes"]: claim["charge_cents"] for claim in drafted["claims"]} == {35: 1500, 5: 2250}
    assert {row["minutes"]: row["why"] for row in drafted["left_out"]} == {9: "No coverage", 7: "Draft"}
    first, second = sorted(claim["number"] for claim in drafted["claims"])
    assert first.endswith("-2026-0001")
    assert second.endswith("-2026-0002")
    again = billable("claim", "draft", *OCTOBER)
    assert "0 claims drafted" in again.stderr
    assert "Left out, with why" in again.stderr
    assert [line.split("  ")[0] for line in again.stdout.splitlines()[-2:]] == ["No coverage", "Draft"]
    assert [row["number"] for row in read_json(billable, "claim", "list", *OCTOBER)] == [first, second]

    number = next(claim["number"] for claim in drafted["claims"] if claim["minutes"] == 35)
    shown = billable("claim", "show", number)
    for word in (
        number,
        "Garcia, Ana",
        "Sunrise Medicaid Dental",
        "SYN1030",
        "35 min, $15.00",
        "[ ]",
        "20 minutes",
    ):
        assert word in shown.stdout
    assert "Look again" in shown.stderr

    printed = read_json(billable, "claim", "print", *OCTOBER)
    assert [one["number"] for one in printed] == [first, second]
    for one in printed:
        assert sha256(Path(one["path"]).read_bytes()).hexdigest() == one["sha256"]
        text = "".join(page.extract_text() for page in PdfReader(one["path"]).pages)
        assert one["number"] in text
        assert "Page 1 of" in text
    single = read_json(billable, "claim", "print", number.lower(), "-o", tmp_path / "one.pdf")
    assert single[0]["sha256"] in {one["sha256"] for one in printed}
    remarks = billable("claim", "print", number, "--text").stdout
    assert len(remarks.strip()) <= 400
    assert remarks == (
        "Case management, 10/20/2026: 2 entries, 35 min. 10/20/2026: Referral coordination, 20 min; booked. "
        "10/20/2026: Transport assistance, 15 min; ride confirmed.\n"
    )
    assert len(read_json(billable, "claim", "print", *OCTOBER, "--text")) == 2

    claimed = read_json(billable, "activity", "list", *OCTOBER, "--status", "claimed")
    assert {row["claim"] for row in claimed} == {first, second}
    amended = billable("activity", "amend", claimed[0]["id"], "--reason", "x", "--minutes", "25")
    assert f"Claim {claimed[0]['claim']} follows: " in amended.stderr
    assert "1 activity, 1 claim" in billable("undo").stderr
    assert "reason" in billable("claim", "void", number, code=3).stderr
    billable("claim", "void", number, "--reason", "wrong payer")
    assert "voided" in billable("claim", "print", number, "-o", tmp_path / "voided.pdf", code=5).stderr
    assert not (tmp_path / "voided.pdf").exists()
    redrafted = read_json(billable, "claim", "draft", *OCTOBER)
    (anew,) = redrafted["claims"]
    assert any("made-up examples" in one for one in redrafted["advice"])
    shown = read_json(billable, "claim", "show", anew["number"])
    assert [one.startswith(f"This claim takes the place of {number}") for one in shown["warnings"]] == [True]
    assert not set(shown["warnings"]) & set(shown["advice"])
    again = read_json(billable, "claim", "print", anew["number"])
    text = "".join("".join(page.extract_text() for page in PdfReader(again[0]["path"]).pages).split())
    assert "".join(shown["warnings"][0].split()) in text
    assert not [one for one in shown["advice"] if "".join(one.split()) in text]
    assert anew["number"].endswith("-0003")
    listed = read_json(billable, "claim", "list", "--all")
    assert {row["number"]: row["status"] for row in listed} == {
        anew["number"]: "draft",
        **{each: "voided" if each == number else "draft" for each in (first, second)},
    }
    entries(billable)
    standing = next(each for each in (first, second) if each != number)
    wrong = ("--reason", "wrong rules")
    assert "voided already" in billable("claim", "void", standing, number, *wrong, code=5).stderr
    assert f"Voided {standing} and {anew['number']}." in (
        billable("claim", "void", standing, anew["number"], standing.lower(), *wrong).stderr
    )
    assert read_json(billable, "claim", "list") == []


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("show", "X-1"), 4, "X-1"),
        (("print", "X-1"), 4, "X-1"),
        (("print",), 2, "--month"),
        (("print", "--month", "2026-10"), 4, "claim draft"),
        (("void", "X-1", "--reason", "x"), 4, "claim list"),
        (("draft", "--month", "13/2026"), 3, "no month 13"),
        (("draft", "--patient", "Garcia Ana"), 3, "4/9/2012"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_is_told(practice: Cli, args: tuple[str, ...], code: int, said: str) -> None:
    done = practice("claim", *args, code=code)
    assert said in done.stderr, done.stderr
    assert done.stdout == ""
