"""What a process really imports: the static contracts cannot see whether an import was put off."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support import PASSPHRASE_FILE

if TYPE_CHECKING:
    from tests.support import Cli

HEAVY = {"textual", "rich", "openpyxl", "typst", "pypdf", "python_calamine", "tomlkit"}
"""Each costs more than logging an activity does."""

STORE = {"pydantic", "sqlite_utils", "sqlcipher3"}
"""Not needed to say what a command is for."""


SECRETS = {"cryptography", "argon2", "zxcvbn", "mnemonic", "keyring", "pyrage"}
"""Needed to give a passphrase, not where it was given already."""


def imported(run_cli: Cli, *args: str) -> set[str]:
    """The top-level packages that a command imports, as the interpreter itself reports them."""
    report = run_cli(*args, env={"PYTHONPROFILEIMPORTTIME": "1"}).stderr
    modules = {
        line.rpartition("|")[2].strip() for line in report.splitlines() if line.startswith("import time:")
    }
    assert "casemgr.cli.main" in modules
    return {module.partition(".")[0] for module in modules}


@pytest.fixture
def practice(run_cli: Cli) -> Cli:
    """A practice with one patient."""
    zone = ("--timezone", "America/New_York")
    run_cli("init", "--practice", "Example Dental", *zone, "--passphrase-file", PASSPHRASE_FILE)
    run_cli("patient", "add", "Garcia, Ana", "4/9/2012")
    return run_cli


def test_log_imports_nothing_heavy(practice: Cli) -> None:
    packages = imported(practice, "log", "20m referral Garcia Ana 4/9/2012: oral surgery consult => booked")

    assert "sqlcipher3" in packages
    assert packages & (HEAVY | SECRETS) == set()


@pytest.mark.parametrize("args", [(), ("log",), ("export", "month"), ("claim", "print"), ("import", "log")])
def test_help_imports_nothing_heavy(run_cli: Cli, args: tuple[str, ...]) -> None:
    assert imported(run_cli, *args, "--help") & HEAVY == set()


def test_the_first_help_needs_neither_store_nor_records(run_cli: Cli) -> None:
    assert imported(run_cli, "--help") & (HEAVY | STORE) == set()


def test_a_heavy_import_would_be_seen(practice: Cli) -> None:
    assert "openpyxl" in imported(practice, "export", "month", "2026-10", "--clear")


FIRST_SCREEN = """
import sys
import casemgr.cli.main
from casemgr.services.desk import open_desk
from casemgr.settings import read_settings
desk = open_desk(read_settings())
from casemgr.tui.app import CasemgrApp
CasemgrApp(desk).lane.close()
assert "casemgr.tui.screens.lock" not in sys.modules
print(*{module.partition(".")[0] for module in sys.modules})
"""


def test_the_first_screen_waits_for_no_models(practice: Cli) -> None:
    practice("log", "20m referral Garcia Ana 4/9/2012: oral surgery consult => booked !12/24 call back")
    done = subprocess.run(
        [sys.executable, "-c", FIRST_SCREEN],
        env=practice.environ(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    packages = set(done.stdout.split())
    assert "textual" in packages
    assert packages & {"pydantic", "sqlite_utils", "openpyxl", "typst", "tomlkit"} == set()
    assert packages & SECRETS == set()
