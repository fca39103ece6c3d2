"""Files as a machine that failed leaves them: what the log has anew is no damage, and the record is sound."""

from __future__ import annotations

import shutil
from random import Random
from typing import TYPE_CHECKING

from casemgr.store.database import open_as_it_is
from casemgr.store.ledger import count, head
from casemgr.store.pages import PAGE
from casemgr.store.verify import damaged_pages
from tests.store.damaging import harmed, logged, reopened

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.clock import FixedClock
    from casemgr.services.desk import Desk
    from casemgr.settings import Settings


def left_by_a_crash(desk: Desk, to: Path) -> int:
    """Files as a machine that failed leaves them, with work in the log alone; returns one of its pages."""
    desk.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    logged(desk)
    path = desk.places.database
    for suffix in ("", "-wal"):
        shutil.copyfile(path.with_name(path.name + suffix), to.with_name(to.name + suffix))
    frames = to.with_name(f"{to.name}-wal").read_bytes()[32:]
    return max(int.from_bytes(frames[at : at + 4], "big") for at in range(0, len(frames), 24 + PAGE))


def test_a_page_that_the_log_has_anew_is_no_damage(
    kept: Path, settings: Settings, key: str, clock: FixedClock
) -> None:
    """The driver's own check reads the file alone, where the machine stopped in the middle of that page."""
    live = reopened(settings, key, clock)
    crashed, entries = kept.with_name("crashed.db"), count(live.store)
    torn = left_by_a_crash(live, crashed)
    harmed(crashed, torn)
    for name in ("crashed.db", "crashed.db-wal"):
        shutil.copyfile(kept.with_name(name), kept.with_name(f"read-{name}"))
    live.close()

    store = open_as_it_is(crashed, key, read_only=True)
    assert damaged_pages(store) == []
    assert count(store) == entries + 1
    store.close()
    # Where a reader of the state before keeps the log from being folded in, too.
    path = kept.with_name("read-crashed.db")
    reader = open_as_it_is(path, key)
    with reader.snapshot():
        assert head(reader).seq == entries + 1
        writer = open_as_it_is(path, key)
        with writer.immediate():
            writer.connection.execute("INSERT INTO drafts VALUES ('amy', 'line', 'x', 1)")
        assert damaged_pages(writer) == []
        writer.close()
    reader.close()
    # What no log has anew is damage all the same.
    harmed(crashed, torn)
    store = open_as_it_is(crashed, key, read_only=True)
    assert len(damaged_pages(store)) == 1
    store.close()


def test_a_damaged_log_yields_a_sound_state_from_before(
    kept: Path, settings: Settings, key: str, clock: FixedClock
) -> None:
    live = reopened(settings, key, clock)
    entries = count(live.store)
    left_by_a_crash(live, kept.with_name("crashed.db"))
    live.close()
    chance = Random(1)
    log = kept.with_name("crashed.db-wal").read_bytes()
    for number in range(12):
        path = kept.with_name(f"c{number}.db")
        shutil.copyfile(kept.with_name("crashed.db"), path)
        broken = bytearray(log)
        broken[chance.randrange(len(broken))] ^= 1
        path.with_name(f"{path.name}-wal").write_bytes(broken[: chance.randrange(len(log) // 2, len(log))])
        store = open_as_it_is(path, key)
        assert damaged_pages(store) == []
        assert count(store) in {entries, entries + 1}
        store.close()
