"""What an import is measured against: every sheet read with python-calamine, its rows inserted in one go.

Run as a script: `python bare_import.py WORKBOOK FILE KEY`.
"""

from __future__ import annotations

import sys

import sqlcipher3.dbapi2 as driver
from python_calamine import CalamineWorkbook
from sqlite_utils import Database


def insert_all(workbook: str, path: str, key: str) -> None:
    """Commit the rows of a workbook to an encrypted file that survives a power cut, in one transaction."""
    connection = driver.connect(path, timeout=60, isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{key}'\"")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    db = Database(connection, execute_plugins=False)
    connection.execute("BEGIN IMMEDIATE")
    book = CalamineWorkbook.from_path(workbook)
    for sheet in book.sheet_names:
        names, *rows = book.get_sheet_by_name(sheet).to_python()
        db.table("rows").insert_all(dict(zip(map(str, names), row, strict=True)) for row in rows)
    connection.execute("COMMIT")
    connection.close()


if __name__ == "__main__":
    insert_all(*sys.argv[1:])
