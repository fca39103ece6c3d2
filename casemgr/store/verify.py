"""Whether the record still holds: the file, the chain, the tables, and what was printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.ledger import Break, Witness, first_break
from casemgr.store.database import memory_store, told_plainly
from casemgr.store.ledger import entries, head
from casemgr.store.projection import differences, replay

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from casemgr.store.database import Store


class Report(NamedTuple):
    """What a verification found."""

    entries: int
    head: Witness
    broken: Break | None
    """The first break of the chain."""
    problems: tuple[str, ...]
    """Everything found, in words; empty when all is well."""

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def verify(store: Store, migrations: Path, witnesses: Iterable[Witness] = ()) -> Report:
    """Check pages, chain, printed witnesses, and the tables against a replay of the ledger.

    Everything is read in one snapshot, so that others may go on writing meanwhile.
    """
    problems: list[str] = []
    with store.snapshot():
        with told_plainly():
            damaged = store.connection.execute("PRAGMA cipher_integrity_check").fetchall()
            found = [row[0] for row in store.connection.execute("PRAGMA integrity_check(5)").fetchall()]
        problems += [f"file: {row[0]}" for row in damaged[:5]]
        problems += [f"file: {text}" for text in found if text != "ok"]
        count = (store.one("SELECT count(*) FROM ledger") or (0,))[0]
        broken = first_break(entries(store), witnesses)
        if broken:
            problems.append(f"ledger: {broken.device}:{broken.seq}: {broken.what}")
        replayed = memory_store(migrations)
        try:
            replay(store, replayed)
            problems += differences(store, replayed)
        except Exception as error:
            problems.append(f"ledger: it cannot be replayed: {error}")
        finally:
            replayed.close()
        return Report(count, head(store), broken, tuple(problems))
