"""`make torture` itself: no command is forgotten, its library meets what SQLite writes, and it counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support import ROOT, WITH_PASSPHRASE, Cli
from tests.torture import shim
from tests.torture.catalog import READING, WRITING, leaves
from tests.torture.share import Share

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.torture

MEETS = """
import errno, json, sys
from pathlib import Path
import sqlcipher3.dbapi2 as driver
from tests.torture.shim import Fault, Order, Watch

folder = Path(sys.argv[1])
connection = driver.connect(str(folder / "x.db"), isolation_level=None)
connection.execute(f"PRAGMA key = \\"x'{'0' * 64}'\\"")
connection.execute("PRAGMA journal_mode = WAL")
connection.execute("CREATE TABLE t (x)")
watch = Watch()
watch.arm(folder, Fault(Order.COUNT))
connection.execute("INSERT INTO t VALUES (1)")
told = [watch.calls]
watch.clear()
watch.arm(folder, Fault(Order.FAIL, 1, errno.ENOSPC, lasting=True))
try:
    connection.execute("INSERT INTO t VALUES (2)")
except driver.Error as error:
    told += [str(error), watch.what]
print(json.dumps(told))
"""


def test_every_command_is_known_to_write_or_only_to_read() -> None:
    assert sorted({*WRITING, *READING}) == sorted(leaves())
    assert not READING.intersection(WRITING)


def test_the_library_meets_what_sqlite_writes(tmp_path: Path) -> None:
    library = shim.build(tmp_path)
    if library is None:
        pytest.skip("no C compiler is here")
    done = subprocess.run(
        [sys.executable, "-c", MEETS, str(tmp_path)],
        env={**os.environ, "LD_PRELOAD": str(library), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    calls, error, what = json.loads(done.stdout)
    assert calls >= 2
    assert "full" in error
    assert what == "pwrite x.db-wal"


@pytest.mark.skipif(sys.platform != "linux", reason="signals, limits and the preloaded library are Linux's")
def test_it_counts_what_it_tries_and_finds_nothing_lost() -> None:
    command = [sys.executable, "-m", "tests.torture", "--only", "limits", "--minutes", "0.02", "--markdown"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    head, _, row = done.stdout.splitlines()
    counts = dict(zip(head.strip("| ").split(" | "), row.strip("| ").split(" | "), strict=True))
    assert int(counts["Tried"]) > 0
    assert counts["Lost"] == counts["Half-written"] == counts["Verify failures"] == "0"


def test_nothing_is_made_on_a_network_share(tmp_path: Path) -> None:
    place = tmp_path / "share"
    place.mkdir()
    try:
        share = Share(place, "fuse.sshfs")
    except OSError as error:
        pytest.skip(f"no file system can be mounted here: {error.strerror}")
    try:
        cli = Cli(place, tmp_path)
        init = ("init", "--practice", "P", "--timezone", "UTC", "--owner", "amy", *WITH_PASSPHRASE)
        assert "network share" in cli(*init, code=6).stderr
        assert not share.asked_to_write
    finally:
        share.end()
