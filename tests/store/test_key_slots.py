"""The key slots: what opens them, what does not, and what they show to whoever holds the file alone."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.key_slots import FOR_WORDS, RECOVERY, Hardness, words_in
from casemgr.core.text import canonical_json
from casemgr.errors import CasemgrError, NotWritten, StoreUnavailable
from casemgr.store import key_slots
from casemgr.store.key_slots import Ring, label_of, open_slot, parse_slots, read_slots, write_slots
from casemgr.store.sealing import NotOpened, new_pair, seal, unseal, unwrap, wrap
from tests.support import WITH_PASSPHRASE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import Cli

KEY, NEXT = "ab" * 32, "cd" * 32
WORDS = b"abandon ability able about above absent absorb abstract absurd abuse access accident"


@pytest.fixture
def ring() -> Ring:
    """Amy and Bob have slots, and there is a recovery key."""
    return Ring.new(KEY).with_passphrase("amy", b"amy's").with_passphrase("bob", b"bob's").with_words(WORDS)


def opened(ring: Ring, login: str, secret: bytes) -> tuple[str, str]:
    """What a secret opens of somebody's slot."""
    slot = ring.file.slot(RECOVERY if login == RECOVERY else label_of(ring.file.practice, login))
    assert slot is not None
    return open_slot(ring.file, slot, secret)


def written(ring: Ring) -> bytes:
    """The file's bytes."""
    return canonical_json(ring.file.model_dump(exclude_none=True)).encode()


def test_each_opens_their_own_slot_and_no_other(ring: Ring) -> None:
    assert opened(ring, "amy", b"amy's") == ("amy", KEY)
    assert opened(ring, "bob", b"bob's") == ("bob", KEY)
    assert opened(ring, RECOVERY, WORDS) == ("", KEY)
    for login, secret in (("amy", b"bob's"), ("bob", b"amy's"), ("amy", b""), (RECOVERY, b"amy's")):
        with pytest.raises(NotOpened):
            opened(ring, login, secret)


def test_the_file_names_nobody_and_holds_no_key(ring: Ring) -> None:
    text = written(ring)
    for secret in (b"amy", b"bob", KEY.encode(), b"abandon"):
        assert secret not in text
    other = Ring.new(KEY).with_passphrase("amy", b"amy's")
    labels = {one.label for one in ring.file.slots}
    assert not labels & {one.label for one in other.file.slots}


def test_a_slot_is_replaced_and_taken_away(ring: Ring) -> None:
    changed = ring.with_passphrase("amy", b"another")
    assert opened(changed, "amy", b"another") == ("amy", KEY)
    with pytest.raises(NotOpened):
        opened(changed, "amy", b"amy's")
    assert sorted(changed.whose()) == ["amy", "bob"]
    left = changed.without("bob")
    assert sorted(left.whose()) == ["amy"]
    assert left.file.slot(label_of(left.file.practice, "bob")) is None


def test_another_key_of_the_data_is_sealed_to_all_who_stay_without_their_passphrases(ring: Ring) -> None:
    after = ring.without("bob").with_key(NEXT)
    assert opened(after, "amy", b"amy's") == ("amy", NEXT)
    assert opened(after, RECOVERY, WORDS) == ("", NEXT)
    assert after.directory.former_keys == (KEY,)
    assert Ring.of(after.file, NEXT).directory == after.directory
    with pytest.raises(StoreUnavailable, match="altered"):
        Ring.of(after.file, KEY)


def test_it_comes_back_from_the_disk_as_it_was(ring: Ring, tmp_path: Path) -> None:
    path = tmp_path / "casemgr.slots"
    write_slots(path, ring.file)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_slots(path) == ring.file
    assert Ring.of(read_slots(path), KEY) == ring
    coming = ring.file.model_copy(update={"coming": ring.with_key(NEXT).file})
    write_slots(path, coming)
    assert read_slots(path) == coming
    assert [one.name for one in tmp_path.iterdir()] == ["casemgr.slots"]


def test_a_file_that_cannot_be_written_leaves_the_one_before(ring: Ring, tmp_path: Path) -> None:
    path = tmp_path / "casemgr.slots"
    write_slots(path, ring.file)
    before = path.read_bytes()
    (tmp_path / f".casemgr.slots.{os.getpid()}.part").mkdir()
    with pytest.raises(NotWritten, match="could not be written"):
        write_slots(path, ring.with_key(NEXT).file)
    assert path.read_bytes() == before


@given(number=st.integers(0, 10_000_000), into=st.sampled_from('0123456789abcdef"{}[],:x'))
def test_whoever_alters_any_letter_of_it_is_found_out(number: int, into: str) -> None:
    """Be it that it cannot be read, that a slot does not open, or that the key does not vouch for it."""
    text = _FILE.decode()
    at = number % len(text)
    altered = text[:at] + into + text[at + 1 :]
    if altered == text:
        return
    with pytest.raises((StoreUnavailable, NotOpened)):
        Ring.of(parse_slots(altered.encode(), "casemgr.slots"), KEY)


def test_a_slot_that_somebody_without_the_key_put_in_is_found_out(ring: Ring) -> None:
    forged = Ring.new("ef" * 32).with_passphrase("eve", b"eve's").file.slots[0]
    for slots in ((*ring.file.slots, forged), ring.file.slots[1:], ring.file.slots[::-1]):
        with pytest.raises(StoreUnavailable, match="altered"):
            Ring.of(ring.file.model_copy(update={"slots": slots}), KEY)


def test_whoever_knows_the_public_halves_alone_cannot_have_the_slots_yield_another_key(ring: Ring) -> None:
    """Else somebody could put data of their own in the practice's place, and read what is entered there."""
    directory = ring.directory.model_copy(update={"binding": "00" * 32})
    theirs = Ring(ring.file, KEY, directory).with_key(NEXT)
    assert Ring.of(theirs.file, NEXT).key == NEXT
    for login, secret in (("amy", b"amy's"), (RECOVERY, WORDS)):
        with pytest.raises(NotOpened):
            opened(theirs, login, secret)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"casemgr_slots": 2}',
        "[" * 100_000,
        "\x00" * 100,
        "9" * 10_000,
        '{"casemgr_slots": 1, "practice": "zz"}',
        "x" * (key_slots.LARGEST + 10),
    ],
    ids=lambda text: text[:12],
)
def test_what_is_no_such_file_is_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "casemgr.slots"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StoreUnavailable, match="damaged") as told:
        read_slots(path)
    assert "beside each backup" in told.value.todo


@given(content=st.binary(max_size=300))
def test_noise_is_refused_in_plain_words(content: bytes) -> None:
    with pytest.raises(CasemgrError):
        parse_slots(content, "casemgr.slots")


def test_what_would_take_for_ever_or_all_memory_is_refused() -> None:
    for field, value in (("memory_kib", 2**31), ("time_cost", 10_000), ("lanes", 1_000), ("memory_kib", 1)):
        hard = {**FOR_WORDS.model_dump(), field: value}
        text = _FILE.decode().replace(canonical_json(FOR_WORDS.model_dump()), canonical_json(hard))
        assert text != _FILE.decode()
        with pytest.raises(StoreUnavailable, match="damaged"):
            parse_slots(text.encode(), "casemgr.slots")


def test_passphrases_are_stretched_as_rfc_9106_recommends(run_cli: Cli) -> None:
    run_cli("init", "--practice", "Riverside", "--timezone", "America/New_York", *WITH_PASSPHRASE)
    file = read_slots(run_cli.home / "data" / "casemgr.slots")
    hard = {one.label: one.hardness for one in file.slots}
    assert hard.pop(RECOVERY) == FOR_WORDS
    assert list(hard.values()) == [Hardness(time_cost=3, memory_kib=64 * 1024, lanes=4)]


@given(clear=st.binary(max_size=100), bound=st.binary(max_size=20))
def test_what_is_sealed_opens_for_its_key_and_place_alone(clear: bytes, bound: bytes) -> None:
    (private, public), (other, _) = new_pair(), new_pair()
    both, others = os.urandom(32), os.urandom(32)
    sealed = seal(public, clear, both, bound)
    assert unseal(private, sealed, both, bound) == clear
    wrapped = wrap(private, clear, bound)
    assert unwrap(private, wrapped, bound) == clear
    for key, where in ((other, bound), (private, bound + b"x")):
        with pytest.raises(NotOpened):
            unseal(key, sealed, both, where)
        with pytest.raises(NotOpened):
            unwrap(key, wrapped, where)
    for tampered, binding in ((bytes(32) + sealed[32:], both), (sealed, others)):
        with pytest.raises(NotOpened):
            unseal(private, tampered, binding, bound)


def test_words_are_read_however_they_are_typed() -> None:
    assert words_in(" 1. Abandon  2. ability,\n3)ABLE\t") == ("abandon", "ability", "able")


def _file() -> bytes:
    return written(Ring.new(KEY).with_passphrase("amy", b"amy's").with_words(WORDS))


_FILE = _file()
