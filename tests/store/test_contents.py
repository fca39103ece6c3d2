"""Bytes kept by their digest."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from casemgr.core.billing import Attachment
from casemgr.store.contents import differing_contents, keep, kept_content

if TYPE_CHECKING:
    from casemgr.services.desk import Desk
    from tests.store.conftest import Log


def test_bytes_are_kept_once_and_come_back(desk: Desk) -> None:
    with desk.write():
        first, again = keep(desk.store, b"a letter"), keep(desk.store, b"a letter")

    assert first == again == sha256(b"a letter").hexdigest()
    assert kept_content(desk.store, first) == b"a letter"
    assert kept_content(desk.store, "0" * 64) is None
    assert list(differing_contents(desk.store)) == []


def test_changed_and_missing_bytes_are_found(desk: Desk, log: Log) -> None:
    patient_id = log().activity.patient_id
    with desk.write() as tx:
        digest = keep(desk.store, b"a letter")
        for name, its in (("kept.pdf", digest), ("gone.pdf", "0" * 64)):
            tx.append(
                "attach",
                "attachment",
                Attachment(
                    id=tx.new_id(),
                    patient_id=patient_id,
                    name=name,
                    media_type="application/pdf",
                    sha256=its,
                    size=8,
                ),
            )
    desk.store.connection.execute("UPDATE contents SET bytes = x'00'")

    changed, gone = differing_contents(desk.store)

    assert digest in changed
    assert "0" * 64 in gone
