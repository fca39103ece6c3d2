"""Who gets a key slot, one's own passphrase, and the recovery key that replaces what is forgotten."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from casemgr.core.commands import EditStaff
from casemgr.core.key_slots import RECOVERY
from casemgr.errors import (
    InputRefused,
    Locked,
    NotFound,
    NotWritten,
    RuleRefused,
)
from casemgr.services.access import session
from casemgr.services.desk import open_unlocked
from casemgr.services.key_slots import change_passphrase, invite, make_recovery, recover, standing
from casemgr.services.passphrases import new_words
from casemgr.services.rekeying import change_key, take_away
from casemgr.services.staff import edit_staff
from casemgr.services.unlocking import tries, unlock
from casemgr.store.key_slots import read_slots
from casemgr.store.ledger import entries
from tests.services.support import told_of_slots
from tests.support import PASSPHRASE, sit_down

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings

pytestmark = pytest.mark.usefixtures("own_runtime")

TCHEN, ANOTHER = "tam has one of her own", "and takes another one later"


class TestPeople:
    def test_an_invited_colleague_gets_in_and_changes_the_passphrase(
        self, desk: Desk, settings: Settings, clock: FixedClock
    ) -> None:
        invite(desk, "tchen", TCHEN)
        assert standing(desk.places, desk.store.key).logins == ("mrivera", "tchen")
        with closing(open_unlocked(settings, unlock(desk.places, "tchen", TCHEN), clock)) as theirs:
            with pytest.raises(Locked):
                change_passphrase(theirs, "not hers, that one", ANOTHER)
            change_passphrase(theirs, TCHEN, ANOTHER)
        with pytest.raises(Locked):
            unlock(desk.places, "tchen", TCHEN)
        assert unlock(desk.places, "tchen", ANOTHER).key == desk.store.key
        assert told_of_slots(desk) == [("invite", "tchen"), ("passphrase", "")]

    def test_wrong_tries_of_others_stay_until_the_ledger_is_told(self, desk: Desk) -> None:
        invite(desk, "tchen", TCHEN)
        for _ in range(2):
            with pytest.raises(Locked):
                unlock(desk.places, "tchen", "not hers, that one")
        with pytest.raises(InputRefused, match="you have"):
            change_passphrase(desk, PASSPHRASE, PASSPHRASE)
        assert len(tries(desk.places)) == 2

    def test_weak_or_old_ones_are_refused_and_nothing_changes(self, desk: Desk) -> None:
        with pytest.raises(InputRefused):
            invite(desk, "tchen", "tchen tchen tchen")
        with pytest.raises(InputRefused, match="you have"):
            change_passphrase(desk, PASSPHRASE, f" {PASSPHRASE}")
        with pytest.raises(InputRefused):
            change_passphrase(desk, PASSPHRASE, "short")
        assert told_of_slots(desk) == []
        assert standing(desk.places, desk.store.key).logins == ("mrivera",)

    def test_slots_that_the_disk_does_not_keep_are_taken_back(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = desk.places.slots.read_bytes()

        def fails(_folder: Path) -> None:
            raise OSError(5, "Input/output error")

        with monkeypatch.context() as patched:
            patched.setattr("casemgr.store.keys.sync_folder", fails)
            with pytest.raises(NotWritten, match="while the key slots were being changed"):
                change_passphrase(desk, PASSPHRASE, ANOTHER)
        assert desk.places.slots.read_bytes() == before
        assert session(desk.places) is not None
        change_passphrase(desk, PASSPHRASE, ANOTHER)

    def test_what_is_not_recorded_changes_no_slot(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        before = desk.places.slots.read_bytes()

        def fails() -> None:
            raise NotWritten("The disk refused to read or write")

        with monkeypatch.context() as patched:
            patched.setattr(desk.store, "_commit", fails)
            with pytest.raises(NotWritten):
                change_passphrase(desk, PASSPHRASE, ANOTHER)
        assert desk.places.slots.read_bytes() == before
        assert told_of_slots(desk) == []

    def test_nobody_gets_two_and_who_has_left_gets_none(self, desk: Desk) -> None:
        with pytest.raises(NotFound):
            invite(desk, "nobody", TCHEN)
        invite(desk, "tchen", TCHEN)
        with pytest.raises(RuleRefused, match="already"):
            invite(desk, "tchen", ANOTHER)
        take_away(desk, "tchen")
        edit_staff(desk, EditStaff("tchen", {"active_to": "2026-10-01"}))
        with pytest.raises(RuleRefused, match="has left"):
            invite(desk, "tchen", ANOTHER)

    def test_only_the_owner_lets_people_in_and_out(
        self, desk: Desk, settings: Settings, clock: FixedClock
    ) -> None:
        before = desk.places.slots.read_bytes()
        with closing(sit_down(settings, "tchen", clock)) as theirs:
            for deed in (
                lambda: invite(theirs, "tchen", TCHEN),
                lambda: take_away(theirs, "mrivera"),
                lambda: make_recovery(theirs),
                lambda: change_key(theirs),
            ):
                with pytest.raises(RuleRefused, match="owner"):
                    deed()
        assert desk.places.slots.read_bytes() == before
        refusals = [(one.staff, one.reason) for one in entries(desk.store, actions=("refuse",))]
        assert refusals == [("tchen", "let people in and out")] * 4

    def test_who_has_it_unlocked_here_keeps_it_so(self, desk: Desk) -> None:
        found = session(desk.places)
        assert found
        invite(desk, "tchen", TCHEN)
        assert session(desk.places) == found


class TestRecovery:
    def test_the_words_give_the_owner_a_new_passphrase(self, desk: Desk, settings: Settings) -> None:
        words = make_recovery(desk)
        assert len(words) == 12
        with closing(recover(settings, words, ANOTHER)) as opened:
            assert opened.login == "mrivera"
        with pytest.raises(Locked):
            unlock(desk.places, "mrivera", PASSPHRASE)
        assert unlock(desk.places, "mrivera", ANOTHER).key == desk.store.key
        assert told_of_slots(desk) == [("recover", "new recovery key"), ("recover", "recovery key used")]

    def test_new_words_make_the_old_ones_worthless(self, desk: Desk, settings: Settings) -> None:
        first, second = make_recovery(desk), make_recovery(desk)
        with pytest.raises(Locked):
            recover(settings, first, ANOTHER)
        recover(settings, second, ANOTHER).close()

    def test_they_outlive_a_change_of_the_key(self, desk: Desk, settings: Settings) -> None:
        words = make_recovery(desk)
        change_key(desk)
        recover(settings, words, ANOTHER).close()

    def test_slips_are_told_before_they_count(self, desk: Desk, settings: Settings) -> None:
        words = make_recovery(desk)
        swapped = (words[1], words[0], *words[2:])
        for wrong in (words[:11], (*words[:11], "teapot"), (), ("",) * 12):
            with pytest.raises(InputRefused, match="not the recovery key"):
                recover(settings, wrong, ANOTHER)
        if swapped != words:
            with pytest.raises((InputRefused, Locked)):
                recover(settings, swapped, ANOTHER)
        with pytest.raises(InputRefused) as weak:
            recover(settings, words, "short")
        assert weak.value.field == "passphrase"
        assert unlock(desk.places, "mrivera", PASSPHRASE)

    def test_without_one_that_is_told(self, desk: Desk, settings: Settings) -> None:
        assert read_slots(desk.places.slots).slot(RECOVERY) is None
        words = new_words()
        with pytest.raises(NotFound, match="no recovery key"):
            recover(settings, words, ANOTHER)
