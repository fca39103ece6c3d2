"""Words for people."""

from __future__ import annotations

import pytest

from casemgr.core.wording import counted


@pytest.mark.parametrize(
    ("count", "what", "said"),
    [
        (1, "activity", "1 activity"),
        (1200, "activity", "1,200 activities"),
        (2, "follow-up", "2 follow-ups"),
        (47, "day", "47 days"),
        (1, "day", "1 day"),
    ],
)
def test_a_count_is_told_in_plain_english(count: int, what: str, said: str) -> None:
    assert counted(count, what) == said
