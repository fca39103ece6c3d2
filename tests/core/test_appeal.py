from __future__ import annotations

import pytest

from casemgr.core.appeal import CONTEMPORANEOUS_DAYS, not_quotable


@pytest.mark.parametrize(
    ("late_days", "entered_at", "signed_at", "why"),
    [
        (0, 100, 100, ""),
        (2, 100, 100, ""),
        (3, 100, 100, "entered 3 days after the service"),
        (0, 100, 0, "not signed"),
        (0, 100, 999, ""),
        (0, 100, 1000, "signed on or after the day of the denial"),
        (30, 1000, 1000, "entered on or after the day of the denial"),
        (0, 999, 1001, "signed on or after the day of the denial"),
    ],
)
def test_only_what_was_written_in_time_is_quoted(
    late_days: int, entered_at: int, signed_at: int, why: str
) -> None:
    assert (
        not_quotable(
            late_days=late_days,
            signed_at=signed_at,
            entered_at=entered_at,
            denied_at=1000,
            bound=CONTEMPORANEOUS_DAYS,
        )
        == why
    )


def test_a_payer_may_allow_more_time() -> None:
    assert not_quotable(late_days=45, signed_at=1, entered_at=1, denied_at=9, bound=45) == ""
    assert not_quotable(late_days=46, signed_at=1, entered_at=1, denied_at=9, bound=45) != ""
