"""Payers from the command line: shown, copied, edited and checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.cli.support import read_json

if TYPE_CHECKING:
    from tests.support import Cli


def test_a_payer_is_copied_edited_and_checked(run_cli: Cli) -> None:
    copied = read_json(run_cli, "payer", "copy", "sunrise", "acme", "--name", "Acme Dental")
    path = Path(copied["path"])
    checked = run_cli("payer", "check", "acme")
    assert "nothing is wrong" in checked.stdout
    assert "made up for examples" in checked.stderr
    text = path.read_text("utf-8").replace('unit = "day"', 'unit = "month"')
    path.write_text(text.replace("late_entry_days", "late_entry_dayz"), "utf-8")
    refused = run_cli("payer", "check", path, code=9)
    assert 'unknown key "late_entry_dayz" in rule 1; did you mean "late_entry_days"?' in refused.stderr
    path.write_text(text, "utf-8")
    faults = read_json(run_cli, "payer", "check", path, code=9)["faults"]
    assert faults == [
        f'{path}: rule 1: the unit "month" needs monthly_minutes, the minutes that a month must reach'
    ]
    assert "already" in run_cli("payer", "copy", "generic", "acme", code=3).stderr


def test_examples_are_listed_as_such_and_shown_with_their_rules(run_cli: Cli) -> None:
    listed = {row["id"]: row for row in read_json(run_cli, "payer", "list")}
    assert (listed["generic"]["example"], listed["washington-hca-2020"]["example"]) == (False, True)
    assert "kept" not in listed["generic"]
    shown = run_cli("payer", "show", "washington-hca-2020").stdout
    assert "D9992, to 4/24/2020, EXPIRED" in shown
    assert "at most 1 a day, for each patient" in shown
