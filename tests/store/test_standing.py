"""A file that is not any more what it was when it was opened is not written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.errors import StoreUnavailable
from casemgr.services.desk import migrations_folder
from casemgr.store.database import open_store
from casemgr.store.ledger import head

if TYPE_CHECKING:
    from pathlib import Path


def test_an_open_file_that_another_took_the_place_of_is_not_written_to(kept: Path, key: str) -> None:
    store = open_store(kept, key, migrations_folder())
    before = head(store)
    for name in (kept.name, f"{kept.name}-wal", f"{kept.name}-shm"):
        kept.with_name(name).rename(kept.with_name(f"aside-{name}"))
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="replaced while it was open"), store.immediate():
            store.connection.execute("INSERT INTO drafts VALUES ('amy', 'line', '{}', 1)")
        kept.write_bytes(b"another")
    assert head(store) == before
    assert store.one("SELECT count(*) FROM drafts") == (0,)
    store.close()
