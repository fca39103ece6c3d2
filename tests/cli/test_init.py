"""`casemgr init`, `demo` and `practice` as processes."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.support import entries, read_json
from tests.support import WITH_PASSPHRASE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import Cli

INIT = (
    *("init", "--practice", "Riverside", "--timezone", "America/New_York"),
    *WITH_PASSPHRASE,
)


def test_it_asks_nothing_where_everything_is_said(run_cli: Cli) -> None:
    done = run_cli(*INIT, "--owner", "MRivera", "--owner-name", "Marisol Rivera")
    assert str(run_cli.home / "data" / "casemgr.db") in done.stdout
    assert len(re.findall(r"\d+\. [a-z]+", done.stdout)) == 12
    assert "nobody can read the data" in done.stderr
    assert read_json(run_cli, "practice", "show") == {
        "name": "Riverside",
        "time_zone": "America/New_York",
        "owner": "mrivera",
        "npi": "",
        "tax_id": "",
        "address": "",
        "phone": "",
    }
    run_cli("practice", "edit", "--phone", "617-555-0180")
    assert "617-555-0180" in run_cli("practice", "show").stdout
    assert "already" in run_cli("practice", "edit", "--phone", "617-555-0180", code=3).stderr
    assert run_cli("practice", "edit", code=2).stderr
    before = entries(run_cli)
    assert "already" in run_cli(*INIT, code=7).stderr
    assert "already" in run_cli("demo", code=7).stderr
    assert entries(run_cli) == before


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("init",), "--timezone"),
        (("init", "--practice", "R"), "--timezone"),
        (("init", "--practice", "R", "--timezone", "America/NewYork"), "America/New_York"),
        (("init", "--practice", " ", "--timezone", "America/New_York"), "name"),
        ((*INIT, "--owner", "m rivera"), "login"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_is_missing_or_wrong_makes_nothing(run_cli: Cli, args: tuple[str, ...], said: str) -> None:
    assert said in run_cli(*args, code=3).stderr
    assert not run_cli.home.exists()


@pytest.mark.parametrize("command", ["log", "activity list", "export month", "claim list"])
def test_without_a_practice_people_are_told_how_to_make_one(run_cli: Cli, command: str) -> None:
    done = run_cli(*command.split(), *(["5m ride #1: x => y"] if command == "log" else []), code=4)
    assert "casemgr init" in done.stderr
    assert not run_cli.home.exists()


def test_of_several_made_at_once_one_wins_and_works(run_cli: Cli) -> None:
    started = [
        subprocess.Popen(
            run_cli.command(*INIT, "--owner", f"owner{number}"),
            env=run_cli.environ(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for number in range(4)
    ]
    told = [process.communicate(timeout=300)[1] for process in started]
    codes = sorted(process.returncode for process in started)
    assert codes == [0, 7, 7, 7], told
    winner = next(number for number, process in enumerate(started) if process.returncode == 0)
    assert read_json(run_cli, "practice", "show")["owner"] == f"owner{winner}"
    assert sorted(path.name for path in (run_cli.home / "data").glob("c*")) == ["casemgr.db", "casemgr.slots"]
    entries(run_cli)


def test_a_home_that_cannot_be_written_to_is_told(run_cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run_cli(*INIT, env={"CASEMGR_HOME": str(tmp_path / "file" / "home")}, code=7)
    assert "Traceback" not in done.stderr
    assert "file" in done.stderr


def test_the_demo_runs_the_main_job_and_says_what_it_made(run_cli: Cli) -> None:
    made = read_json(run_cli, "demo")
    assert made.keys() == {
        "Practice",
        "Logged",
        "Follow-ups",
        "Claims",
        "Workbook",
        "PDFs",
        "Passphrase",
        "Ledger",
    }
    assert "synthetic" in made["Practice"]
    assert made["Workbook"].startswith(str(run_cli.home))
    assert len(list((run_cli.home / "exports").rglob("*.pdf"))) > 5
    assert len(list((run_cli.home / "exports").rglob("*.xlsx"))) == 1
    entries(run_cli)
