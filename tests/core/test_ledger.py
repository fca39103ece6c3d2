"""The hash chain without a store."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.ledger import DISCLOSURES, GENESIS, Entry, Witness, entry_hash, first_break
from casemgr.errors import ParseError

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)


def chain(device: str, count: int, start: int = 1_000) -> list[Entry]:
    """A sound chain of a device."""
    made: list[Entry] = []
    prev = GENESIS
    for seq in range(1, count + 1):
        columns = (
            device,
            seq,
            start + seq,
            "amy",
            "log",
            "activity",
            f"id{seq}",
            "",
            "deed",
            f'{{"n":{seq}}}',
        )
        prev, before = entry_hash(prev, *columns), prev
        made.append(Entry(*columns, before, prev))
    return made


def rehashed(entry: Entry, prev: str) -> Entry:
    """An entry as a careful forger would write it: with a hash that fits."""
    return entry._replace(prev=prev, hash=entry_hash(prev, *entry[:10]))


def test_the_hash_is_of_every_column_with_its_length() -> None:
    columns = ("K7Q2", 12, 34, "amy", "log", "activity", "id", "why", "deed", '{"note":"für"}')
    text = "".join(
        f"{len(one.encode())}:{one}" for one in (GENESIS, "K7Q2", "12", "34", *map(str, columns[3:]))
    )

    assert entry_hash(GENESIS, *columns) == sha256(text.encode()).hexdigest()


@given(st.tuples(*[TEXT] * 6), st.tuples(*[TEXT] * 6))
def test_different_entries_never_hash_the_same_input(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    def digest(texts: tuple[str, ...]) -> str:
        staff, action, entity, entity_id, reason, body = texts
        return entry_hash(GENESIS, "K7Q2", 1, 1, staff, action, entity, entity_id, reason, "deed", body)

    assert (digest(one) == digest(other)) == (one == other)


def test_a_sound_chain_has_no_break() -> None:
    assert first_break([]) is None
    assert first_break(chain("K7Q2", 20)) is None


def test_chains_of_several_devices_stand_side_by_side() -> None:
    assert first_break(chain("AAAA", 5) + chain("BBBB", 7)) is None

    broken = first_break(chain("AAAA", 5) + chain("BBBB", 7)[1:])
    assert broken is not None
    assert (broken.device, broken.seq) == ("BBBB", 1)


@pytest.mark.parametrize(
    "column", ["at", "staff", "action", "entity", "entity_id", "reason", "command", "body"]
)
def test_an_altered_column_is_found_where_it_is(column: str) -> None:
    entries = chain("K7Q2", 10)
    changed = entries[4]._asdict()
    changed[column] = 9_999 if column == "at" else "else"
    entries[4] = Entry(**changed)

    broken = first_break(entries)
    assert broken is not None
    assert (broken.seq, broken.what) == (5, "its content is not what was hashed")


def test_an_entry_that_was_altered_and_hashed_anew_breaks_the_one_after_it() -> None:
    entries = chain("K7Q2", 10)
    entries[4] = rehashed(entries[4]._replace(body="{}"), entries[4].prev)

    broken = first_break(entries)
    assert broken is not None
    assert (broken.seq, broken.what) == (6, "it does not follow from the entry before it")


def test_a_deleted_entry_is_named() -> None:
    entries = chain("K7Q2", 10)
    del entries[4]

    broken = first_break(entries)
    assert broken is not None
    assert broken.seq == 5
    assert "missing" in broken.what


def test_swapped_entries_are_found_at_the_first_of_them() -> None:
    entries = chain("K7Q2", 10)
    entries[4], entries[6] = entries[6]._replace(seq=5), entries[4]._replace(seq=7)

    broken = first_break(entries)
    assert broken is not None
    assert broken.seq == 5


def test_an_entry_may_not_be_older_than_the_one_before_it() -> None:
    entries = chain("K7Q2", 3)
    entries[2] = rehashed(entries[2]._replace(at=entries[1].at), entries[1].hash)

    broken = first_break(entries)
    assert broken is not None
    assert broken.seq == 3
    assert "time" in broken.what


def test_a_printed_witness_shows_a_chain_that_was_rewritten_from_some_entry_on() -> None:
    sound = chain("K7Q2", 10)
    forged = sound[:4]
    for entry in sound[4:]:
        forged.append(rehashed(entry._replace(staff="bob"), forged[-1].hash))
    assert first_break(forged) is None

    early, late = (Witness("K7Q2", seq, sound[seq - 1].hash) for seq in (4, 8))
    assert first_break(forged, [early]) is None
    broken = first_break(forged, [early, late])
    assert broken is not None
    assert broken.seq == 8
    assert "rewritten" in broken.what


def test_a_printed_witness_shows_a_tail_that_was_cut() -> None:
    sound = chain("K7Q2", 10)
    broken = first_break(sound[:7], [Witness("K7Q2", 10, sound[9].hash), Witness("K7Q2", 3, sound[2].hash)])

    assert broken is not None
    assert (broken.device, broken.seq) == ("K7Q2", 8)
    assert "entry 10" in broken.what
    assert "ends at 7" in broken.what


@pytest.mark.parametrize(
    ("action", "entity", "sound"),
    [
        *((action, "disclosure", True) for action in sorted(DISCLOSURES)),
        *((action, "activity", False) for action in sorted(DISCLOSURES)),
        ("log", "disclosure", False),
        ("undo", "disclosure", False),
    ],
)
def test_only_disclosures_are_disclosed(action: str, entity: str, sound: bool) -> None:
    """Entries that no witness counts must not be able to change a record."""
    entries = chain("K7Q2", 3)
    entries[2] = rehashed(entries[2]._replace(action=action, entity=entity), entries[1].hash)
    broken = first_break(entries)
    assert (broken is None) is sound
    if broken:
        assert (broken.seq, broken.what) == (3, f"“{action}” is nothing that is done to a {entity}")


def test_every_witness_of_the_same_position_counts() -> None:
    sound = chain("K7Q2", 3)
    wrong, right = Witness("K7Q2", 2, "f" * 16), Witness("K7Q2", 2, sound[1].hash[:16])

    assert first_break(sound, [right, right]) is None
    assert first_break(sound, [wrong, right]) is not None
    assert first_break(sound, [right, wrong]) is not None


def test_a_witness_reads_as_it_is_printed() -> None:
    whole = Witness("K7Q2", 123, "9f86d081884c7d65" * 4)

    assert Witness.parse(str(whole)) == whole
    assert Witness.parse(whole.short) == Witness("K7Q2", 123, "9f86d081884c7d65")
    assert Witness.parse(" k7q2:123  9F86D081 884C7D65… ") == Witness("K7Q2", 123, "9f86d081884c7d65")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "K7Q2",
        "K7Q2:123",
        "K7Q2:x 9f86d081884c7d65",
        ":1 9f86d081884c7d65",
        "K7Q2:1 9f86",
        "K7Q2:0 9f86d081884c7d65",
        "K7Q2:000 9f86d081884c7d65",
        "K7Q2:1 " + "z" * 16,
    ],
)
def test_what_is_no_witness_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        Witness.parse(text)
