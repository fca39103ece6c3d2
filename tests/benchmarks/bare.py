"""What `casemgr log` is measured against: the same libraries imported, and one row committed.

Run as a script: `python bare.py FILE KEY`. The file is made where it is not there.
"""

from __future__ import annotations

import sys

import click  # noqa: F401 - imported to be paid for
import pydantic  # noqa: F401
import sqlcipher3.dbapi2 as driver
import sqlite_utils  # noqa: F401


def main(path: str, key: str) -> None:
    """Commit one row to an encrypted file that survives a power cut."""
    connection = driver.connect(path, timeout=60, isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{key}'\"")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS done (id INTEGER PRIMARY KEY, what TEXT NOT NULL) STRICT")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO done (what) VALUES ('20m referral Garcia Ana: note => outcome')")
    connection.execute("COMMIT")
    connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
