"""`casemgr case` as processes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support import Cli


def test_a_case_is_opened_completed_shown_and_closed(practice: Cli) -> None:
    opened = practice(
        *(
            "case",
            "open",
            "garcia",
            "ana",
            "2012",
            "--on",
            "2026-09-03",
            "--complaint",
            "missed 2 of 3 visits",
        ),
        *("--barrier", "Z59.82", "--barrier", "mother works nights"),
    )
    assert opened.stdout.endswith(": Garcia, Ana 4/9/2012 #1030\n")
    assert "lacks: findings that support case management, tests, images or other data, plan" in opened.stderr

    practice(
        *("case", "edit", "1030", "--findings", "abscess #17", "--supplementary", "pano 9/3"),
        *("--plan", "rides, since there is no car", "--consent", "mother, by phone, 9/3"),
        *("--dentist", "Dr. Lee", "--dentist-npi", "1234567893"),
    )
    case = json.loads(practice("case", "show", "ana", "garcia", "2012", "--json").stdout)
    assert case["opened_on"] == "2026-09-03"
    assert case["barriers"] == ["Z59.82", "mother works nights"]
    assert (case["patient"], case["chart_number"]) == ("Garcia, Ana", "1030")
    assert [(point["field"], point["present"]) for point in case["checklist"]] == [
        ("complaint", True),
        ("findings", True),
        ("supplementary", True),
        ("plan", True),
    ]

    closed = practice("case", "close", case["id"][-6:], "--reason", "treatment complete")
    assert closed.stdout.startswith("Closed ")
    assert json.loads(practice("case", "list", "--json").stdout) == []
    (kept,) = json.loads(practice("case", "list", "--all", "--json").stdout)
    assert kept["close_reason"] == "treatment complete"
    assert "treatment complete" in practice("case", "show", "1030").stdout


def test_the_checklist_shows_what_is_missing(practice: Cli) -> None:
    practice("case", "open", "1030", "--complaint", "missed visits")
    lines = practice("case", "show", "1030").stdout.splitlines()
    checklist = {line.rsplit(maxsplit=1)[0].strip(): line.split()[-1] for line in lines[-4:]}
    assert checklist == {
        "Chief complaint and history": "present",
        "Findings that support case management": "missing",
        "Tests, images or other data": "missing",
        "Plan with its rationale": "missing",
    }
    row = practice("case", "list").stdout.splitlines()[-1]
    assert "findings, supplementary, plan" in row


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("open", "garcia", "ana"), 3, "2 patients fit"),
        (("open", "1030", "--on", "tomorrow"), 3, "is in the future"),
        (("show", "1031"), 4, "#1031 has no case"),
        (("close", "1032"), 3, "with a reason"),
        (("open", "1032"), 5, "has an open case since"),
        (("edit", "1032"), 3, "says this already"),
    ],
)
def test_what_is_refused_says_why(practice: Cli, words: tuple[str, ...], code: int, said: str) -> None:
    practice("case", "open", "1032")
    refused = practice("case", *words, code=code)
    assert said in refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize("verb", ["", "open", "list", "show", "edit", "close"])
def test_help_has_examples_first(run_cli: Cli, verb: str) -> None:
    told = run_cli("case", *([verb] if verb else []), "--help").stdout
    assert "Examples:\n" in told
    assert f"casemgr case {verb}".strip() in told
