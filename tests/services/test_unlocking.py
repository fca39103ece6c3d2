"""Passphrases at the door: who is let in, how wrong ones slow down, and how long it stays open."""

from __future__ import annotations

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from casemgr.clock import MICROSECONDS, SystemClock
from casemgr.core.key_slots import Hardness
from casemgr.errors import InputRefused, Locked, NotFound, StoreUnavailable
from casemgr.services import passphrases, unlocking
from casemgr.services.access import Unlocked, end_session, session, unlocked
from casemgr.services.desk import open_desk, open_unlocked
from casemgr.services.key_slots import invite
from casemgr.services.unlocking import pause, tries, unlock
from casemgr.store.key_slots import read_slots, write_slots
from casemgr.store.ledger import entries
from tests.support import PASSPHRASE, key_of

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.services.desk import Desk
    from casemgr.settings import Places, Settings

TCHEN = "tam has one of her own"
NOBODY = "tried with a login that has no passphrase here"


pytestmark = pytest.mark.usefixtures("own_runtime")


@pytest.fixture
def places(desk: Desk) -> Places:
    """Those of the practice; tchen has a passphrase too."""
    invite(desk, "tchen", TCHEN)
    return desk.places


def told(desk: Desk) -> list[tuple[str, str, str]]:
    """What the ledger knows of who came and went: action, whose doing, in words."""
    return [(one.action, one.staff, one.reason) for one in entries(desk.store, entity="access")]


class TestPassphrase:
    def test_it_says_who_acts_and_yields_the_key(self, places: Places) -> None:
        key = key_of(places)
        assert unlock(places, "mrivera", PASSPHRASE) == Unlocked("mrivera", key, fresh=True)
        assert unlock(places, " TChen ", f"  {TCHEN} ") == Unlocked("tchen", key, fresh=True)

    @pytest.mark.parametrize(
        ("login", "passphrase"),
        [("mrivera", TCHEN), ("tchen", PASSPHRASE), ("mrivera", ""), ("nobody", PASSPHRASE)],
    )
    def test_anothers_or_none_opens_nothing_and_all_are_told_the_same(
        self, places: Places, login: str, passphrase: str
    ) -> None:
        with pytest.raises(Locked, match="login and passphrase do not open"):
            unlock(places, login, passphrase)

    def test_letters_composed_in_another_way_are_the_same(self, desk: Desk) -> None:
        invite(desk, "tchen", "vier Brüder im Café")
        assert unlock(desk.places, "tchen", "vier Bru\u0308der im Cafe\u0301").login == "tchen"

    def test_without_a_login_it_is_who_sits_there_or_the_only_one(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(unlocking, "likely_login", lambda: "somebody")
        assert unlock(desk.places, "", PASSPHRASE).login == "mrivera"
        invite(desk, "tchen", TCHEN)
        with pytest.raises(InputRefused, match="Whose") as asked:
            unlock(desk.places, "", PASSPHRASE)
        assert asked.value.field == "login"
        monkeypatch.setattr(unlocking, "likely_login", lambda: "tchen")
        assert unlock(desk.places, "", TCHEN).login == "tchen"

    def test_slots_that_are_gone_damaged_or_anothers_are_told(self, places: Places) -> None:
        content = places.slots.read_bytes()
        places.slots.unlink()
        with pytest.raises(StoreUnavailable, match="not there"):
            unlock(places, "mrivera", PASSPHRASE)
        places.slots.write_bytes(content[:-40])
        with pytest.raises(StoreUnavailable, match="damaged"):
            unlock(places, "mrivera", PASSPHRASE)
        altered = content.replace(b'"lanes":1', b'"lanes":2', 1)
        assert altered != content
        places.slots.write_bytes(altered)
        with pytest.raises((StoreUnavailable, Locked)):
            unlock(places, "mrivera", PASSPHRASE)


def test_a_closed_practice_holds_no_key(desk: Desk, settings: Settings) -> None:
    other = open_desk(settings, clock=desk.clock)
    assert other.store.key == desk.store.key
    other.close()
    assert other.store.key == ""


def test_a_key_fits_no_data_that_is_gone(desk: Desk) -> None:
    assert unlocking.fits(desk.places.database, desk.store.key)
    desk.places.database.unlink()
    assert not unlocking.fits(desk.places.database, desk.store.key)


class TestWrongOnes:
    def test_the_pause_grows_and_has_an_end(self) -> None:
        assert [pause(number) for number in range(8)] == [0, 0, 0, 1, 2, 4, 8, 16]
        assert pause(1000) == unlocking.LONGEST_PAUSE

    def test_they_slow_down_and_the_right_one_has_to_wait_too(self, places: Places) -> None:
        for _ in range(unlocking.FREE_TRIES):
            with pytest.raises(Locked):
                unlock(places, "mrivera", "not this one, surely")
        with pytest.raises(Locked, match="Too many") as refused:
            unlock(places, "mrivera", PASSPHRASE)
        assert refused.value.wait_seconds >= 1
        assert len(tries(places)) == unlocking.FREE_TRIES

    def test_after_the_pause_it_opens_and_the_ledger_is_told_of_all(
        self, places: Places, desk: Desk, settings: Settings
    ) -> None:
        long_ago = SystemClock().now() - 100 * MICROSECONDS
        places.tries.write_text(f"{long_ago}\n{long_ago + 5}\n{long_ago + 9}\n", encoding="ascii")
        open_unlocked(settings, unlock(places, "tchen", TCHEN), desk.clock).close()
        assert told(desk)[-2:] == [
            ("fail", "tchen", f"{NOBODY}, 3 times"),
            ("unlock", "tchen", ""),
        ]
        failed = desk.store.one("SELECT times, first_at, last_at FROM accesses WHERE times > 1")
        assert failed == (3, long_ago, long_ago + 9)
        assert not places.tries.exists()

    def test_the_ledger_says_as_whom_they_were_tried(
        self, places: Places, desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(unlocking, "pause", lambda _: 0)
        for login in ("mrivera", "tchen", "nobody", "mrivera"):
            with pytest.raises(Locked):
                unlock(places, login, "not this one, surely")
        open_unlocked(settings, unlock(places, "tchen", TCHEN), desk.clock).close()
        assert told(desk)[-4:] == [
            ("fail", "tchen", "tried as mrivera, 2 times"),
            ("fail", "tchen", "tried as tchen"),
            ("fail", "tchen", NOBODY),
            ("unlock", "tchen", ""),
        ]

    def test_their_file_is_private_and_holds_neither_login_nor_passphrase(self, places: Places) -> None:
        with pytest.raises(Locked):
            unlock(places, "mrivera", "typed into the wrong field")
        assert stat.S_IMODE(places.tries.stat().st_mode) == 0o600
        said = places.tries.read_text(encoding="ascii")
        assert re.fullmatch(r"\d{16} [0-9a-f]{32}\n", said)

    def test_right_ones_at_once_count_for_nothing(self, places: Places) -> None:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: unlock(places, "mrivera", PASSPHRASE).login, range(8)))
        assert found == ["mrivera"] * 8
        assert not places.tries.exists()

    def test_wrong_ones_at_once_are_slowed_down_as_one_after_the_other(self, places: Places) -> None:
        def guess(number: int) -> str:
            with pytest.raises(Locked) as refused:
                unlock(places, "mrivera", f"guess number {number}")
            return refused.value.title

        with ThreadPoolExecutor(8) as pool:
            said = list(pool.map(guess, range(8)))
        assert said.count("Too many wrong passphrases") == 8 - unlocking.FREE_TRIES
        assert len(tries(places)) == unlocking.FREE_TRIES

    def test_the_right_one_takes_no_wrong_one_back(self, places: Places) -> None:
        with pytest.raises(Locked):
            unlock(places, "mrivera", "not this one, surely")
        before = places.tries.read_bytes()
        unlock(places, "mrivera", PASSPHRASE)
        assert places.tries.read_bytes() == before

    def test_whoever_is_stopped_while_it_is_tried_has_tried(self, places: Places) -> None:
        with pytest.raises(KeyboardInterrupt), unlocking.one_try(places, ""):
            raise KeyboardInterrupt
        assert len(tries(places)) == 1

    def test_those_that_the_ledger_cannot_be_told_of_are_kept(
        self, places: Places, desk: Desk, settings: Settings
    ) -> None:
        places.tries.write_text("5\n7\n", encoding="ascii")
        desk.store.connection.execute("PRAGMA query_only = ON")
        unlocking.tell_tries(desk)
        assert tries(places) == [5, 7]
        desk.store.connection.execute("PRAGMA query_only = OFF")
        unlocking.tell_tries(desk)
        assert told(desk)[-1] == ("fail", "mrivera", f"{NOBODY}, 2 times")
        assert not places.tries.exists()

    def test_it_takes_as_long_where_nobody_has_such_a_login(
        self, places: Places, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(unlocking, "FREE_TRIES", 100)
        slow = Hardness(time_cost=4, memory_kib=64 * 1024, lanes=1)
        file = read_slots(places.slots)
        slots = tuple(slot.model_copy(update={"hardness": slow}) for slot in file.slots)
        write_slots(places.slots, file.model_copy(update={"slots": slots}))

        def seconds(login: str) -> float:
            began = perf_counter()
            with pytest.raises(Locked):
                unlock(places, login, "not this one, surely")
            return perf_counter() - began

        known, unknown = (min(seconds(login) for _ in range(3)) for login in ("tchen", "nobody"))
        assert unknown > known / 2

    @pytest.mark.parametrize(
        "said", ["", "nonsense\n", "9" * 5000, "-1\n", "\x00\x00", "99999999999999999\n"]
    )
    def test_what_stands_there_never_locks_anybody_out(self, places: Places, said: str) -> None:
        places.tries.write_text(said, encoding="utf-8")
        assert unlock(places, "mrivera", PASSPHRASE).login == "mrivera"

    def test_a_clock_that_was_set_back_keeps_nobody_waiting(self, places: Places) -> None:
        later = SystemClock().now() + 3600 * MICROSECONDS
        places.tries.write_text(f"{later}\n" * 20, encoding="ascii")
        assert unlock(places, "mrivera", PASSPHRASE).login == "mrivera"


class TestScripts:
    def test_a_passphrase_file_opens_and_is_recorded(
        self, places: Places, desk: Desk, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "passphrase"
        file.write_text(f"{TCHEN}\nanother line\n", encoding="utf-8")
        monkeypatch.setenv("CASEMGR_PASSPHRASE_FILE", str(file))
        end_session(places)
        open_desk(settings, "tchen", desk.clock).close()
        assert told(desk)[-1] == ("unlock", "tchen", "")
        with pytest.raises(Locked):
            open_desk(settings, "mrivera", desk.clock)
        assert session(places) is None

    def test_it_can_be_looked_with_as_often_as_need_be(
        self, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(unlocking, "likely_login", lambda: "mrivera")
        file = tmp_path / "passphrase"
        file.write_text(PASSPHRASE, encoding="utf-8")
        monkeypatch.setenv("CASEMGR_PASSPHRASE_FILE", str(file))
        for _ in range(unlocking.FREE_TRIES + 2):
            assert unlocked(places).login == "mrivera"
        assert tries(places) == []

    @pytest.mark.parametrize(
        "content", [b"", b"\n", b"\xff\xfe\x00", None], ids=["empty", "a line", "no text", "none"]
    )
    def test_a_file_without_one_is_told(
        self,
        places: Places,
        settings: Settings,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        content: bytes | None,
    ) -> None:
        file = tmp_path / "passphrase"
        if content is not None:
            file.write_bytes(content)
        monkeypatch.setenv("CASEMGR_PASSPHRASE_FILE", str(file))
        with pytest.raises(InputRefused, match="assphrase") as told:
            open_desk(settings)
        assert "Nothing was done" in told.value.detail
        assert tries(places) == []

    def test_without_a_practice_that_is_what_is_said(
        self, tmp_path: Path, settings: Settings, places: Places
    ) -> None:
        places.database.unlink()
        with pytest.raises(NotFound):
            open_desk(settings)


class TestStrength:
    @pytest.mark.parametrize(
        "weak",
        [
            "short",
            "fourteen chars",
            "passwordpassword",
            "123456789012345678",
            "aaaaaaaaaaaaaaaaaaaaaaaa",
            "qwertyuiopasdfghjkl",
            "marisol rivera 1",
            "Riverside Community Dental",
            "x" * 300,
            " " * 20,
        ],
    )
    def test_short_common_or_known_ones_are_refused(self, weak: str) -> None:
        with pytest.raises(InputRefused) as refused:
            passphrases.check_passphrase(weak, ("mrivera", "Marisol Rivera", "Riverside Community Dental"))
        assert refused.value.field == "passphrase"
        assert weak.strip() not in refused.value.detail + refused.value.todo or not weak.strip()

    @pytest.mark.parametrize(
        "good",
        [
            "all the letters are small here",
            "вечером мы читаем вслух",
            "x7!kQ_2#pLm$9vTz",
            "Drei Zähne, kein Zug",
        ],
    )
    def test_length_counts_and_no_rule_of_composition(self, good: str) -> None:
        passphrases.check_passphrase(good)

    def test_suggestions_are_good_and_never_the_same(self) -> None:
        found = {passphrases.suggested() for _ in range(20)}
        assert len(found) == 20
        for one in found:
            passphrases.check_passphrase(one)
