"""`casemgr report insights` as processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.clock import SystemClock, local_date
from casemgr.core.dates import Month
from casemgr.core.measures import TOLD
from tests.cli.support import read_json
from tests.services.conftest import NEW_YORK

if TYPE_CHECKING:
    from tests.support import Cli

LINES = (
    '{"text": "20m referral #1030 1/5/2026: consult => booked"}\n'
    '{"text": "40m referral #1030 2/5/2026: consult => booked"}\n'
    '{"text": "30m referral #1030 3/5/2026: consult => booked"}\n'
    '{"text": "15m missed visit #1030 4/1/2026: missed 3/30 => left voicemail"}\n'
    '{"text": "10m missed visit #1031 4/2/2026: missed 3/30 => no answer", "staff": "tchen"}\n'
    '{"text": "25m referral #1030 4/30/2026: consult => booked"}\n'
    '{"text": "5m ride #1032 4/30/2026: no car", "draft": true}\n'
)


@pytest.fixture
def april(practice: Cli) -> Cli:
    """Four months of little work; all follow-ups lie ahead."""
    practice("log", "--batch", stdin=LINES)
    return practice


def test_a_month_is_shown_beside_those_before(april: Cli) -> None:
    told = april("report", "insights", "2026-04", "--explain").stdout
    lines = told.splitlines()
    assert max(map(len, lines)) <= 80
    facts = [
        "Month       April 2026",
        "Staff       everybody",
        "Not signed  1 draft, in minutes and activities only",
        "Outreach  2 patients; 1 of 2 booked",
    ]
    assert [line for line in facts if line not in lines] == []
    cells = {" ".join(line.split()) for line in lines}
    assert cells >= {
        "Minutes 55 30 ·········▃▆▅█",
        "Contact reached 33 %* 1 of 3 100 % ·········███▃",
        "Booked after outreach 50 %* 1 of 2 not enough yet ············▅",
        "Follow-ups kept – not enough yet ·············",
        "Referral coordination 1 25 30 45 % ████████████",
        "W14 Wed 4/1 – Sun 4/5 2 25 ██████████",
        "Left voicemail no contact 1 50 % ████████",
        "Consult booked booked 1 100 % ████████",
    }
    flowing = " ".join(told.split())
    assert [name for name, text in TOLD.items() if text not in flowing] == []


def test_numbers_line_up_on_the_right(april: Cli) -> None:
    lines = april("report", "insights", "2026-04").stdout.splitlines()
    heading = next(line for line in lines if line.startswith("Kind ") and "Min" in line)
    at = lines.index(heading)
    minutes = [line[: heading.index("Min") + 3] for line in lines[at + 2 : at + 5]]
    assert [line.split()[-1] for line in minutes] == ["25", "25", "5"]


def test_programs_get_all_of_it(april: Cli) -> None:
    found = read_json(april, "report", "insights", "2026-04")
    assert (found["month"], found["months"][0], len(found["months"])) == ("2026-04", "2025-04", 13)
    assert (found["over"], found["days_so_far"], found["drafts"]) == (True, 30, 1)
    assert found["minutes"] == {"values": [*[None] * 9, 20, 40, 30, 55], "usual": 30}
    rate = {"part": 1, "whole": 2, "percent": 50, "few": True}
    assert found["outreach"]["trend"]["values"][-1] == rate
    assert found["outreach"]["final_on"] == "2026-05-31"
    assert found["weeks"][0] == {
        "year": 2026,
        "number": 14,
        "first": "2026-04-01",
        "last": "2026-04-05",
        "activities": 2,
        "minutes": 25,
        "days": 5,
    }
    assert [day["average"] for day in found["weekdays"]] == [0, 0, 3, 8, 0, 0, 0]
    outcomes = {kind["kind"]: kind["outcomes"] for kind in found["outcomes"]}
    assert [(one["id"], one["contact"], one["booked"]) for one in outcomes["referral"]] == [
        ("consult_booked", True, True)
    ]
    assert found["follow_ups"]["trend"]["values"][-1]["percent"] is None
    assert found["measures"] == TOLD


def test_it_narrows_to_a_person_and_a_kind(april: Cli) -> None:
    tam = read_json(april, "report", "insights", "2026-04", "--staff", "tchen")
    assert (tam["staff_name"], tam["minutes"]["values"][-1], tam["outreach"]["patients"]) == (
        "Tam Chen",
        10,
        1,
    )
    referrals = read_json(april, "report", "insights", "2026-04", "--kind", "ref")
    assert (referrals["kind"], referrals["outreach"]) == ("referral", None)
    told = april("report", "insights", "2026-04", "--kind", "ref", "--staff", "mrivera").stdout
    assert "Marisol Rivera (mrivera)" in told
    assert "Booked after outreach" not in told
    assert "nobody" in april("report", "insights", "--staff", "nobody", code=4).stderr
    assert "transport" in april("report", "insights", "--kind", "transprot", code=4).stderr
    assert "no month 13" in april("report", "insights", "2026-13", code=3).stderr


def test_an_empty_month_and_one_that_is_not_over_say_so(practice: Cli) -> None:
    before = Month.of(local_date(SystemClock().now(), NEW_YORK))
    told = practice("report", "insights").stdout
    after = Month.of(local_date(SystemClock().now(), NEW_YORK))
    assert any(f"{month.title}, " in told for month in (before, after))
    assert "days so far" in told
    assert "%" not in told
    assert "Outreach" not in told


def test_a_try_of_today_is_too_early_to_say_anything_of(practice: Cli) -> None:
    practice("log", "5m missed visit #1030 today: missed => rebooked")
    told = practice("report", "insights").stdout
    assert "1 patient, too early to say" in told
    assert "1 whose 30 days are not over, 1 booked so far; final on " in told


def test_where_bars_cannot_be_shown_there_are_plain_ones(april: Cli) -> None:
    told = april("report", "insights", "2026-04", env={"PYTHONIOENCODING": "ascii"}).stdout
    assert "############" in told
    assert "\\u258" not in told
    assert "█" not in told
