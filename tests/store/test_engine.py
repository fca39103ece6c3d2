"""The library under the data says what it is, and what of it would be unfit."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from casemgr.store.engine import cipher_settings, engine, is_clear

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.services.desk import Desk


def test_the_library_that_is_installed_is_fit() -> None:
    found = engine()
    assert found.cipher.startswith("4.")
    assert found.faults == ()


def test_what_makes_a_library_unfit_is_named() -> None:
    bare = engine()._replace(cipher="", options=frozenset({"THREADSAFE=0"}))
    assert bare.faults == ("it cannot encrypt", "it is not safe with threads")


def test_an_open_file_says_how_it_is_encrypted(desk: Desk) -> None:
    told = cipher_settings(desk.store)
    assert told["cipher_hmac_algorithm"] == "HMAC_SHA512"
    assert told["cipher_use_hmac"] == "1"
    assert told["cipher_plaintext_header_size"] == "0"


def test_a_file_in_the_clear_is_told_from_an_encrypted_one(desk: Desk, tmp_path: Path) -> None:
    assert not is_clear(desk.places.database)
    clear = tmp_path / "clear.db"
    with closing(sqlite3.connect(clear)) as connection:
        connection.execute("CREATE TABLE t (a)")
    assert is_clear(clear)
