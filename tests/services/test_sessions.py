"""What stays unlocked for a while: where it is kept, when it ends, and that nothing of it is left behind."""

from __future__ import annotations

import json
import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backend import KeyringBackend

from casemgr.clock import MICROSECONDS, SystemClock, uptime
from casemgr.errors import Locked, RuleRefused
from casemgr.services import access
from casemgr.services.access import Unlocked, begin_session, end_session, session, unlocked
from casemgr.services.desk import open_desk
from casemgr.services.key_slots import invite
from casemgr.services.rekeying import change_key, take_away
from casemgr.services.unlocking import unlock
from casemgr.store import unlocked as runtime
from casemgr.store.disk import IN_MEMORY, mount_of
from casemgr.store.ledger import entries
from tests.support import PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.services.desk import Desk
    from casemgr.settings import Places, Settings

TCHEN = "tam has one of her own"


pytestmark = pytest.mark.usefixtures("own_runtime")


@pytest.fixture
def places(desk: Desk) -> Places:
    """Those of the practice; tchen has a passphrase too."""
    invite(desk, "tchen", TCHEN)
    return desk.places


class TestStayingOpen:
    def test_who_unlocked_acts_and_nobody_else_can_be_named(
        self, places: Places, desk: Desk, settings: Settings
    ) -> None:
        begin_session(places, unlock(places, "tchen", TCHEN))
        with open_desk(settings, clock=desk.clock).store.snapshot():
            assert unlocked(places, "TCHEN").login == "tchen"
        with pytest.raises(RuleRefused, match="tchen has unlocked"):
            open_desk(settings, "mrivera", desk.clock)
        last = list(entries(desk.store, entity="access"))[-1]
        assert (last.action, last.staff, last.reason) == ("refuse", "tchen", "act as somebody else")

    def test_it_is_this_users_own_file_in_the_runtime_folder(self, places: Places) -> None:
        folder = Path(os.environ["XDG_RUNTIME_DIR"]) / "casemgr"
        begin_session(places, unlock(places, "mrivera", PASSPHRASE))
        (file,) = [path for path in folder.iterdir() if runtime.kept(path.name)]
        assert (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE(file.stat().st_mode)) == (0o700, 0o600)
        assert "mrivera" not in file.name
        assert not list(places.data.parent.rglob(file.name))

    def test_locking_ends_it(self, places: Places, settings: Settings) -> None:
        begin_session(places, unlock(places, "mrivera", PASSPHRASE))
        assert end_session(places)
        assert not end_session(places)
        with pytest.raises(Locked, match="locked"):
            open_desk(settings)

    @pytest.mark.parametrize("by", ["until", "uptime"])
    def test_its_time_is_over_by_the_clock_or_by_how_long_the_machine_runs(
        self, places: Places, by: str
    ) -> None:
        unlocking = unlock(places, "mrivera", PASSPHRASE)
        name = access._name_of(places)
        later = runtime.Kept("mrivera", unlocking.key, SystemClock().now() + 10**9, uptime() + 1000)
        runtime.keep(name, later)
        assert session(places)
        past = (
            later._replace(until=SystemClock().now() - 1)
            if by == "until"
            else later._replace(uptime=uptime() - 1)
        )
        runtime.keep(name, past)
        assert session(places) is None
        assert runtime.kept(name) is None

    def test_it_ends_when_the_slots_change(self, places: Places, desk: Desk) -> None:
        begin_session(places, unlock(places, "mrivera", PASSPHRASE))
        places.slots.write_bytes(places.slots.read_bytes() + b"\n")
        assert session(places) is None

    def test_a_file_that_others_could_read_or_that_is_not_ours_counts_for_nothing(
        self, places: Places
    ) -> None:
        begin_session(places, unlock(places, "mrivera", PASSPHRASE))
        file = Path(os.environ["XDG_RUNTIME_DIR"]) / "casemgr" / access._name_of(places)
        file.chmod(0o644)
        assert session(places) is None
        assert not file.exists()
        begin_session(places, unlock(places, "mrivera", PASSPHRASE))
        moved = file.with_name("elsewhere")
        file.rename(moved)
        file.symlink_to(moved)
        assert session(places) is None

    @pytest.mark.parametrize(
        "text",
        ["", "{}", "[]", '["a", "b", "c", "d"]', "[1, 2]", "nonsense", "[" * 4000],
        ids=lambda text: text[:9],
    )
    def test_what_is_no_such_file_counts_for_nothing(self, places: Places, text: str) -> None:
        begin_session(places, unlock(places, "mrivera", PASSPHRASE))
        file = Path(os.environ["XDG_RUNTIME_DIR"]) / "casemgr" / access._name_of(places)
        file.write_text(text, encoding="ascii")
        assert session(places) is None

    def test_it_is_no_longer_than_a_day(self, places: Places) -> None:
        begin_session(places, unlock(places, "mrivera", PASSPHRASE), 10_000)
        kept = runtime.kept(access._name_of(places))
        assert kept is not None
        assert kept.until <= SystemClock().now() + access.LONGEST_HOURS * 3600 * MICROSECONDS

    def test_a_runtime_folder_of_somebody_else_is_not_used(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        base = tmp_path / "open to all"
        (base / "casemgr").mkdir(parents=True)
        (base / "casemgr").chmod(0o755)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(base))
        assert runtime.runtime_folder() != base / "casemgr"

    def test_a_runtime_folder_on_a_disk_is_not_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            found = mount_of(Path(folder))
            if found is None or found.kind in IN_MEMORY:
                pytest.skip("there is no disk here")
            monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
            assert runtime.runtime_folder() != Path(folder, "casemgr")
            assert not list(Path(folder).iterdir())

    def test_whatever_is_over_goes_at_the_next_unlocking_or_where_it_is_found_locked(
        self, places: Places
    ) -> None:
        folder = Path(os.environ["XDG_RUNTIME_DIR"]) / "casemgr"
        over = runtime.Kept("mrivera", "0" * 64, SystemClock().now() - 1, uptime() + 1000)
        half = folder / f".{'c' * 32}.{2**22 + 1}.part"

        def leave() -> None:
            runtime.keep("a" * 32, over)
            runtime.keep("b" * 32, over._replace(until=over.until + 10**9))
            half.write_text("half a key", encoding="ascii")

        leave()
        begin_session(places, unlock(places, "mrivera", PASSPHRASE))
        assert {path.name for path in folder.iterdir()} == {"b" * 32, access._name_of(places)}
        leave()
        end_session(places)
        assert session(places) is None
        assert {path.name for path in folder.iterdir()} == {"b" * 32, half.name}

    def test_locking_leaves_no_key_of_whatever_practice_or_slots(self, places: Places) -> None:
        folder = Path(os.environ["XDG_RUNTIME_DIR"]) / "casemgr"
        begin_session(places, unlock(places, "mrivera", PASSPHRASE))
        places.slots.write_bytes(places.slots.read_bytes() + b"\n")
        (folder / f".{'c' * 32}.1.part").write_text("half a key", encoding="ascii")
        assert access.lock_everything()
        assert not list(folder.iterdir())
        assert not access.lock_everything()


class Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        """Nothing is in it."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """What is kept."""
        return self.entries.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        self.entries[username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget it."""
        del self.entries[username]


class TestKeyring:
    @pytest.fixture
    def ring(self) -> Iterator[Ring]:
        """The keyring that casemgr finds."""
        before, ring = keyring.get_keyring(), Ring()
        keyring.set_keyring(ring)
        yield ring
        keyring.set_keyring(before)

    def test_it_has_the_key_and_the_folder_does_not(self, places: Places, ring: Ring) -> None:
        found = unlock(places, "mrivera", PASSPHRASE)
        assert "keyring" in begin_session(places, found, keyring=True)
        folder = Path(os.environ["XDG_RUNTIME_DIR"]) / "casemgr"
        assert found.key not in "".join(path.read_text("ascii") for path in folder.iterdir())
        assert session(places) == Unlocked("mrivera", found.key)
        assert end_session(places)
        assert (session(places), ring.entries) == (None, {})

    def test_what_a_restart_has_left_there_is_found_and_forgotten(self, places: Places, ring: Ring) -> None:
        begin_session(places, unlock(places, "mrivera", PASSPHRASE), keyring=True)
        for path in (Path(os.environ["XDG_RUNTIME_DIR"]) / "casemgr").iterdir():
            path.unlink()
        assert session(places) is None
        assert access.lock_everything()
        assert ring.entries == {}

    def test_what_is_over_goes_when_something_else_is_kept(self, places: Places, ring: Ring) -> None:
        found = unlock(places, "mrivera", PASSPHRASE)
        over = runtime.Kept("tchen", "0" * 64, SystemClock().now() - 1, uptime() + 1000)
        runtime.keep("a" * 32, over, keyring=True)
        begin_session(places, found, keyring=True)
        assert list(json.loads(*ring.entries.values())) == [access._name_of(places)]

    def test_it_stays_there_when_slots_and_key_change(self, places: Places, desk: Desk, ring: Ring) -> None:
        old = unlock(places, "mrivera", PASSPHRASE)
        begin_session(places, old, keyring=True)
        take_away(desk, "tchen")
        kept = json.loads(*ring.entries.values())
        assert list(kept) == [access._name_of(places)]
        assert old.key not in str(kept)
        folder = Path(os.environ["XDG_RUNTIME_DIR"]) / "casemgr"
        assert [path.read_text("ascii") for path in folder.iterdir()] == [runtime.IN_KEYRING]
        assert session(places) == Unlocked("mrivera", desk.store.key)


def test_a_change_of_the_key_leaves_the_one_of_before_nowhere(places: Places, desk: Desk) -> None:
    old = unlock(places, "mrivera", PASSPHRASE)
    begin_session(places, old)
    change_key(desk)
    folder = Path(os.environ["XDG_RUNTIME_DIR"]) / "casemgr"
    assert old.key not in "".join(path.read_text("ascii") for path in folder.iterdir())
    assert session(places) == Unlocked("mrivera", desk.store.key)
