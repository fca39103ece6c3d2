"""`casemgr report` as processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.support import read_json

if TYPE_CHECKING:
    from tests.support import Cli

LINES = (
    '{"text": "20m referral #1030 9:00 10/20/2026: consult => booked", "follow_ups": ["tomorrow call"]}\n'
    '{"text": "15m ride #1030 9:10 10/20/2026: no car => ride confirmed"}\n'
    '{"text": "30m referral #1031 10/6/2026: perio => left voicemail", "staff": "tchen"}\n'
)


def test_each_report_is_read_by_people_and_by_programs(practice: Cli) -> None:
    practice("coverage", "add", "1030", "--payer", "Sunrise", "--member", "S1")
    practice("log", "--batch", stdin=LINES)
    practice("claim", "draft", "--month", "2026-10")

    month = read_json(practice, "report", "month", "2026-10")
    assert (month["month"], month["activities"], month["minutes"], month["patients"]) == ("2026-10", 3, 65, 2)
    assert {one["id"]: one["minutes"] for one in month["by_kind"]} == {"referral": 50, "transport": 15}
    assert {one["id"]: one["minutes"] for one in month["by_staff"]} == {"mrivera": 35, "tchen": 30}
    assert (month["billing_lines"], month["to_draft_lines"], month["to_draft_cents"]) == (1, 0, 0)
    assert month["billed_minutes"] + month["left_out_minutes"] == month["minutes"]
    told = practice("report", "month", "10/2026").stdout
    for word in (
        "October 2026",
        "3 activities",
        "$15.00",
        "Referral coordination",
        "Left voicemail",
        "Tam Chen",
    ):
        assert word in told

    patient = read_json(practice, "report", "patient", "garcia", "ana", "2012")
    assert (patient["minutes"], len(patient["activities"]), len(patient["claims"])) == (35, 2, 1)
    assert [each["what"] for each in patient["follow_ups"]] == ["call"]
    told = practice("report", "patient", "1030", "--month", "2026-10").stdout
    assert "Garcia, Ana 4/9/2012 #1030" in told
    assert "claimed" in told
    assert read_json(practice, "report", "patient", "1030", "--month", "2026-09")["minutes"] == 0

    staff = read_json(practice, "report", "staff", "--month", "2026-10")
    assert (staff["login"], staff["minutes"], len(staff["overlaps"])) == ("mrivera", 35, 1)
    assert staff["by_day"] == [{"date": "2026-10-20", "activities": 2, "minutes": 35}]
    assert "Tam Chen (tchen)" in practice("report", "staff", "TChen", "--month", "2026-10").stdout

    assert "nobody" in practice("report", "staff", "nobody", code=4).stderr
    assert "4/9/1985" in practice("report", "patient", "garcia", "ana", code=3).stderr
    assert "no month 0" in practice("report", "month", "2026-00", code=3).stderr
