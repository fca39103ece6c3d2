"""`casemgr kind` and `casemgr code` as processes: with or without a practice, ours and the practice's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.core.holes import COMMON_HOLES
from tests.cli.support import read_json

if TYPE_CHECKING:
    from tests.support import Cli

KINDS = {"referral", "transport", "interpreter", "missed_visit", "education"}
CODES = {
    *("D9986", "D9987", "D9990", "D9991", "D9992", "D9993", "D9994", "D9995", "D9996", "D9997"),
    *("D0386", "D0393", "D0395", "D0396"),
}


def test_lists_need_no_practice(run_cli: Cli) -> None:
    assert {kind["kind"] for kind in read_json(run_cli, "kind", "list")} == KINDS
    assert {code["code"] for code in read_json(run_cli, "code", "list")} == CODES
    assert "Transport assistance" in run_cli("kind", "list").stdout
    assert "D9993" in run_cli("code", "list").stdout
    assert not run_cli.home.exists()


def test_a_code_reads_well(run_cli: Cli) -> None:
    page = run_cli("code", "show", "d9993").stdout
    assert max(map(len, page.splitlines())) <= 80
    for heading in ("D9993", "D9992", "denial"):
        assert heading.lower() in page.lower()
    assert read_json(run_cli, "code", "show", "9993")["code"] == "D9993"


def test_a_kind_is_shown_by_any_of_its_words(run_cli: Cli) -> None:
    shown = run_cli("kind", "show", "nemt", "--json").stdout
    assert '"transport"' in shown
    told = run_cli("kind", "show", "ride").stdout
    for word in ("vendor", "Ride confirmed", "D9991", "taxi", "Ride booked", "pick-up at {pick_up}"):
        assert word in told
    no_ride = next(line for line in told.splitlines() if line.startswith("No ride"))
    assert no_ride.rstrip().endswith("  what_they_said, next_vendor")


def test_the_help_names_every_hole_that_an_activity_fills(run_cli: Cli) -> None:
    told = run_cli("kind", "show", "--help").stdout.replace(",", " ").replace(".", " ").split()
    assert set(COMMON_HOLES) <= set(told)


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("kind", "show", "transprot"), 4, "transport"),
        (("code", "show", "D1234"), 4, "D1234"),
        (("kind", "show"), 2, "KIND"),
    ],
)
def test_what_is_not_there_is_told(run_cli: Cli, args: tuple[str, ...], code: int, said: str) -> None:
    assert said in run_cli(*args, code=code).stderr


def test_broken_content_of_the_practice_names_file_and_line(run_cli: Cli) -> None:
    for area, command in (("activities", "kind"), ("codes", "code")):
        folder = run_cli.home / "config" / area
        folder.mkdir(parents=True)
        own = folder / "own.toml"
        own.write_text('title = "Own"\naliases = ["a",\n\ncode = \n', encoding="utf-8")
        done = run_cli(command, "list", code=9)
        assert "own.toml" in done.stderr
        assert "line 4" in done.stderr
        assert "Traceback" not in done.stderr
        own.unlink()
