"""What reads and writes the data file: the driver, SQLCipher and SQLite, as they say themselves."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, NamedTuple

import sqlcipher3.dbapi2 as driver

from casemgr.store.database import FIRST_SAFE_SQLITE

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.store.database import Store

CLEAR_HEADER = b"SQLite format 3\0"
"""What a data file begins with that is not encrypted; an encrypted one begins with its random salt."""


class Engine(NamedTuple):
    """The library under the data file."""

    driver: str
    """Version of the Python package."""
    cipher: str
    """SQLCipher's version; empty where there is no encryption in this library."""
    sqlite: str
    options: frozenset[str]
    """With what it was compiled, such as `THREADSAFE=1`."""

    @property
    def faults(self) -> tuple[str, ...]:
        """What makes it unfit for the data, in words; nothing, as a rule."""
        found = []
        if driver.sqlite_version_info < FIRST_SAFE_SQLITE:
            found.append("SQLite before 3.51.3 can damage data")
        if not self.cipher or "HAS_CODEC" not in self.options:
            found.append("it cannot encrypt")
        if "THREADSAFE=0" in self.options:
            found.append("it is not safe with threads")
        return tuple(found)


def engine() -> Engine:
    """The library as it is installed here."""
    try:
        package = version("sqlcipher3")
    except PackageNotFoundError:
        package = driver.version
    connection = driver.connect(":memory:")
    try:
        cipher = connection.execute("PRAGMA cipher_version").fetchone()
        options = frozenset(row[0] for row in connection.execute("PRAGMA compile_options"))
    finally:
        connection.close()
    return Engine(package, cipher[0] if cipher else "", driver.sqlite_version, options)


def cipher_settings(store: Store) -> dict[str, str]:
    """How the pages of an open file are encrypted, such as `cipher_hmac_algorithm` to `HMAC_SHA512`."""
    told = (row[0].removeprefix("PRAGMA ").rstrip(";") for row in store.rows("PRAGMA cipher_settings"))
    return {name: value for name, _, value in (each.partition(" = ") for each in told)}


def is_clear(path: Path) -> bool:
    """Whether a file is a database that anybody can read."""
    with path.open("rb") as file:
        return file.read(len(CLEAR_HEADER)) == CLEAR_HEADER
