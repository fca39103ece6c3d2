"""Whatever comes in, a reader takes it or refuses it in plain words; what is refused leaves nothing."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casemgr.errors import CasemgrError
from tests.fuzz.mutation import mutated
from tests.fuzz.readers import READERS, Reader, attempt, practice
from tests.services.support import assert_whole, length

FEWEST = 5
"""Examples of a reader that takes its time."""


@pytest.mark.parametrize("reader", READERS.values(), ids=list(READERS))
def test_a_sound_input_is_taken_and_any_other_refused_at_most(reader: Reader) -> None:
    seeds = reader.seeds()
    examples = max(FEWEST, settings().max_examples // reader.slow)

    @settings(max_examples=examples)
    @given(st.sampled_from(seeds), st.sampled_from(seeds), st.integers(0, 2**64))
    def check(data: bytes, other: bytes, seed: int) -> None:
        attempt(reader, mutated(data, Random(seed), other))

    assert attempt(reader, seeds[0])
    check()


@given(st.binary(max_size=200))
def test_any_bytes_at_all(data: bytes) -> None:
    for reader in READERS.values():
        if reader.slow == 1:
            attempt(reader, data)


@given(st.text(max_size=120))
def test_any_text_at_all(text: str) -> None:
    for name in ("entry", "values", "search", "templates", "batch"):
        attempt(READERS[name], text.encode())


def test_after_all_of_it_the_ledger_is_whole() -> None:
    desk = practice()
    before = length(desk)
    for name in ("import log", "import patients", "import remittance"):
        with pytest.raises(CasemgrError):
            READERS[name].read(b"\0\1\2")
    assert length(desk) == before
    assert_whole(desk)
