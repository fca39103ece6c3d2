from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.ids import RANDOM_BYTES, new_id, short

instants = st.integers(0, 4_102_444_800_000_000)
chances = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES)


@given(instants, chances)
def test_ids_are_uuids_of_version_7_that_hold_the_instant(at: int, chance: bytes) -> None:
    made = uuid.UUID(new_id(at, chance))
    assert str(made) == new_id(at, chance)
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 80 == at // 1000


@given(instants, instants, chances, chances)
def test_ids_sort_by_when_they_were_made(one: int, other: int, chance: bytes, another: bytes) -> None:
    if one < other:
        assert new_id(one, chance) < new_id(other, another)


def test_ids_of_one_instant_differ() -> None:
    made = {new_id(1_792_000_000_000_000) for _ in range(1000)}
    assert len(made) == 1000


def test_the_short_form_is_the_end_of_the_id() -> None:
    assert short("0198c2f0-1111-7222-8333-44445555abcd") == "55abcd"
