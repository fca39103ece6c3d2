"""The data's key changed under everybody's hands: who leaves, what is cut short, and old key files."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from casemgr.errors import (
    InputRefused,
    Locked,
    NotFound,
    NotWritten,
    RuleRefused,
    StoreUnavailable,
    VerificationFailed,
)
from casemgr.services import key_slots, rekeying
from casemgr.services.access import Unlocked, begin_session, held_session, record_access, session
from casemgr.services.desk import migrations_folder, open_desk, open_unlocked
from casemgr.services.key_slots import change_passphrase, invite, make_recovery, standing
from casemgr.services.rekeying import change_key, finish_take_up, take_away, take_up_key_file
from casemgr.services.safety import back_up
from casemgr.services.unlocking import unlock
from casemgr.store import database
from casemgr.store.database import connect, open_store
from casemgr.store.key_slots import Ring, changing, read_slots, write_slots
from casemgr.store.keys import new_key
from casemgr.store.ledger import head
from casemgr.store.verify import verify
from tests.services.support import RIDE, assert_whole, log, told_of_slots
from tests.support import PASSPHRASE, sit_down

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings
    from casemgr.store.database import Store

pytestmark = pytest.mark.usefixtures("own_runtime")

TCHEN, ANOTHER = "tam has one of her own", "and takes another one later"


class TestLeaving:
    def test_the_slot_is_gone_and_the_data_has_another_key(
        self, desk: Desk, settings: Settings, clock: FixedClock, covered: object
    ) -> None:
        invite(desk, "tchen", TCHEN)
        theirs, before = unlock(desk.places, "tchen", TCHEN), head(desk.store)
        heard: list[str] = []
        take_away(desk, "tchen", heard.append)
        assert heard
        with pytest.raises(Locked):
            unlock(desk.places, "tchen", TCHEN)
        with pytest.raises(StoreUnavailable):
            open_unlocked(settings, theirs)
        assert verify(desk.store, migrations_folder(), [before]).ok
        assert standing(desk.places, desk.store.key).logins == ("mrivera",)
        assert told_of_slots(desk)[-2:] == [("leave", "tchen"), ("rekey", "")]
        log(desk, RIDE)
        with closing(open_desk(settings, clock=clock)) as again:
            assert_whole(again)
            assert again.store.key == desk.store.key != theirs.key

    def test_where_the_key_cannot_be_changed_the_slot_stays_too(
        self, desk: Desk, settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        invite(desk, "tchen", TCHEN)
        monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
        with closing(sit_down(settings, "tchen", clock)) as theirs, theirs.write() as tx:
            tx.append("edit", "staff", theirs.staff.model_copy(update={"credential": "CDHC"}))
            with pytest.raises(NotWritten):
                take_away(desk, "tchen")
        assert unlock(desk.places, "tchen", TCHEN)
        assert told_of_slots(desk) == [("invite", "tchen")]
        take_away(desk, "tchen")
        with pytest.raises(Locked):
            unlock(desk.places, "tchen", TCHEN)

    def test_the_owner_stays_and_who_has_none_is_told(self, desk: Desk) -> None:
        with pytest.raises(RuleRefused, match="owner"):
            take_away(desk, "mrivera")
        with pytest.raises(NotFound, match="no passphrase"):
            take_away(desk, "tchen")
        assert told_of_slots(desk) == []

    def test_whoever_has_it_open_can_neither_read_nor_write_with_the_old_key(
        self, desk: Desk, settings: Settings, clock: FixedClock
    ) -> None:
        with closing(sit_down(settings, "tchen", clock)) as theirs:
            log(theirs, RIDE)
            change_key(desk)
            with pytest.raises((StoreUnavailable, NotWritten)):
                theirs.store.one("SELECT count(*) FROM activities")
            with pytest.raises((StoreUnavailable, NotWritten)):
                log(theirs, RIDE)
        assert_whole(desk)
        assert desk.store.one("SELECT count(*) FROM activities") == (1,)

    def test_backups_of_before_open_with_what_the_slots_keep(self, desk: Desk, tmp_path: Path) -> None:
        log(desk, RIDE)
        made = back_up(desk, tmp_path / "before.db").path
        first = desk.store.key
        change_key(desk)
        second = desk.store.key
        change_key(desk)
        assert standing(desk.places, desk.store.key).former_keys == (first, second)
        connect(made, first, read_only=True).close()


class TestChangingTheKey:
    def test_no_page_of_the_file_opens_with_the_old_key(self, desk: Desk, covered: object) -> None:
        old = desk.store.key
        change_key(desk)
        with pytest.raises(StoreUnavailable):
            connect(desk.places.database, old)
        assert desk.store.one("PRAGMA cipher_integrity_check") is None
        assert desk.store.db["activities"].count == 1

    def test_where_another_program_writes_the_key_stays_and_nothing_is_harmed(
        self, desk: Desk, settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """SQLCipher goes on to write under the new key after it failed: nobody may write through that."""
        monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
        old = desk.store.key
        with closing(sit_down(settings, "tchen", clock)) as theirs, theirs.write() as tx:
            tx.append("edit", "staff", theirs.staff.model_copy(update={"credential": "CDHC"}))
            with pytest.raises(NotWritten, match="could not be changed") as refused:
                change_key(desk)
            assert "nothing is lost" in refused.value.detail
        assert desk.store.key == old
        log(desk, RIDE)
        assert_whole(desk)
        assert unlock(desk.places, "mrivera", PASSPHRASE).key == old
        assert read_slots(desk.places.slots).coming is None

    @pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
    def test_cut_short_it_is_settled_at_the_next_unlocking(
        self, desk: Desk, settings: Settings, clock: FixedClock, done: bool
    ) -> None:
        """Killed between writing the slots and the data, or between the data and the slots."""
        invite(desk, "tchen", TCHEN)
        former = Ring.of(read_slots(desk.places.slots), desk.store.key)
        after = former.with_key(new_key())
        write_slots(desk.places.slots, former.file.model_copy(update={"coming": after.file}))
        if done:
            database.rekey(desk.store, after.key)
        assert session(desk.places) is None
        with changing(desk.places.slots) as held:
            # Whoever is at it has the only copy of the key to come.
            assert held
            assert unlock(desk.places, "tchen", TCHEN).key == (after if done else former).key
            assert read_slots(desk.places.slots).coming == after.file
        found = unlock(desk.places, "tchen", TCHEN)
        assert bool(found.brought) == done
        assert found.key == (after if done else former).key
        assert read_slots(desk.places.slots) == (after if done else former).file
        with closing(open_unlocked(settings, found, clock)) as opened:
            assert_whole(opened)
        assert unlock(desk.places, "mrivera", PASSPHRASE).key == found.key

    def test_a_reader_keeps_older_pages_in_the_file_and_that_is_told(
        self, desk: Desk, settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database, "CHECKPOINT_SECONDS", 0)
        with closing(sit_down(settings, "tchen", clock)) as theirs, theirs.store.snapshot():
            theirs.store.one("SELECT count(*) FROM ledger")
            assert not change_key(desk)
        assert change_key(desk)
        assert_whole(desk)

    def test_what_cannot_be_looked_at_keeps_both_keys(
        self, desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The new key is nowhere else: it must not go before the one of before surely fits."""

        def done_and_out_of_reach(store: Store, key: str) -> bool:
            database.rekey(store, key)
            store.close()
            desk.places.database.rename(desk.places.database.with_name("away"))
            raise NotWritten("the disk is gone")

        monkeypatch.setattr(rekeying, "rekey", done_and_out_of_reach)
        with pytest.raises(NotWritten, match="disk is gone"):
            change_key(desk)
        desk.places.database.with_name("away").rename(desk.places.database)
        found = unlock(desk.places, "mrivera", PASSPHRASE)
        open_unlocked(settings, found).close()
        assert read_slots(desk.places.slots).coming is None

    def test_others_changes_of_the_slots_meanwhile_are_kept(self, desk: Desk) -> None:
        """Each change is made of the slots as they are once nobody else can change them."""
        invite(desk, "tchen", TCHEN)

        def while_recording(*args: Any, **more: Any) -> None:
            record_access(*args, **more)
            with pytest.raises(NotWritten, match="Another program is changing"):
                make_recovery(desk)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(key_slots, "PATIENCE", 0)
            patched.setattr(key_slots, "record_access", while_recording)
            change_passphrase(desk, PASSPHRASE, ANOTHER)
        assert unlock(desk.places, "tchen", TCHEN)
        assert unlock(desk.places, "mrivera", ANOTHER)

    def test_the_time_to_stay_unlocked_is_not_lengthened(self, desk: Desk) -> None:
        begin_session(desk.places, Unlocked(desk.login, desk.store.key), 0.5)
        before = held_session(desk.places)
        invite(desk, "tchen", TCHEN)
        change_key(desk)
        after = held_session(desk.places)
        assert before
        assert after
        assert after == before._replace(key=desk.store.key)

    def test_data_that_does_not_hold_afterwards_is_told(self, desk: Desk) -> None:
        desk.store.connection.execute("UPDATE staff SET name = 'Somebody' WHERE id = 'tchen'")
        with pytest.raises(VerificationFailed, match="does not hold"):
            change_key(desk)
        assert unlock(desk.places, "mrivera", PASSPHRASE).key == desk.store.key


class TestKeyFile:
    @pytest.fixture
    def old(self, desk: Desk, settings: Settings) -> Settings:
        """A practice from before there were passphrases."""
        log(desk, RIDE)
        desk.places.keys.mkdir(mode=0o700)
        desk.places.key.write_text(f"{desk.store.key}\n", encoding="ascii")
        desk.places.slots.unlink()
        return settings

    def test_its_owner_is_led_to_a_passphrase(self, old: Settings, desk: Desk) -> None:
        for use in (lambda: open_desk(old), lambda: unlock(old.places, "mrivera", PASSPHRASE)):
            with pytest.raises(Locked, match="key file") as refused:
                use()
            assert "casemgr unlock" in refused.value.todo

    def test_it_is_taken_up_and_the_key_file_is_worth_nothing(self, old: Settings, desk: Desk) -> None:
        key, before = desk.store.key, head(desk.store)
        desk.store.close()
        with closing(take_up_key_file(old, ANOTHER)) as opened:
            assert opened.login == "mrivera"
            assert verify(opened.store, migrations_folder(), [before]).ok
            assert standing(old.places, opened.store.key).former_keys == (key,)
        assert not old.places.key.exists()
        with pytest.raises(StoreUnavailable):
            open_store(old.places.database, key, migrations_folder())
        begin_session(old.places, unlock(old.places, "mrivera", ANOTHER))
        open_desk(old).close()

    def test_cut_short_it_is_brought_to_its_end(self, old: Settings, desk: Desk) -> None:
        key = desk.store.key
        desk.store.close()
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(rekeying, "finish_take_up", lambda _: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                take_up_key_file(old, ANOTHER)
        assert old.places.key.exists()
        with closing(open_unlocked(old, unlock(old.places, "mrivera", ANOTHER))) as opened:
            assert opened.store.key == key
            assert finish_take_up(opened)
            assert opened.store.key != key
            assert not finish_take_up(opened)
        assert not old.places.key.exists()

    def test_a_weak_passphrase_leaves_it_as_it_is(self, old: Settings) -> None:
        with pytest.raises(InputRefused):
            take_up_key_file(old, "mrivera mrivera")
        assert old.places.key.exists()
        assert not old.places.slots.exists()
