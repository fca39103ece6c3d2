"""The table of diagnosis codes: looked up by category, and the same as the list that it is made from."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from casemgr.core.diagnoses import Diagnoses, Standing
from tests.diagnoses import TABLE
from tests.support import ROOT

SMALL = Diagnoses("# in force 2026-04-01 to 2026-09-30\nA09 .\nZ59 00 01 1\nZ591 7\n")


@pytest.fixture(scope="module")
def table() -> Diagnoses:
    return Diagnoses(TABLE.read_text("utf-8"))


def test_a_code_may_stand_or_heads_others_or_is_not_known() -> None:
    assert SMALL.standing("Z59.00") == Standing(True, True)
    assert SMALL.standing("z591") == Standing(True, True)
    assert SMALL.standing("Z59.0") == Standing(True, False, ("Z59.00", "Z59.01"))
    assert SMALL.standing("Z59") == Standing(True, False, ("Z59.00", "Z59.01", "Z59.1"))
    assert SMALL.standing("A09") == Standing(True, True)
    for unknown in ("A09.1", "Z59.2", "Z60", "B", "", "Z59.", "transport", "Z59.00000"):
        assert SMALL.standing(unknown) == Standing(False, False)


def test_a_release_is_in_force_on_its_first_day_and_its_last() -> None:
    days = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 9, 30), date(2026, 10, 1)]
    assert [SMALL.in_force(day) for day in days] == [False, True, True, False]
    with pytest.raises(ValueError, match="in force"):
        Diagnoses("A09 .\n")


def test_the_barriers_that_ship_may_stand_and_the_headings_may_not(table: Diagnoses) -> None:
    from tests.core.checks.facts import house

    reasons = house().reasons
    assert all(table.standing(barrier.code).leaf for barrier in reasons.barriers)
    for heading in reasons.categories:
        standing = table.standing(heading.code)
        assert not standing.leaf
        assert set(heading.instead) <= set(standing.instead)
        assert standing.instead


def test_codes_with_a_seventh_character_may_stand(table: Diagnoses) -> None:
    assert table.standing("S02.5XXA").leaf
    assert not table.standing("S02.5").leaf


def test_the_table_is_what_the_list_says() -> None:
    # In a process of its own: importing the list takes 200 MB.
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            "from tests.diagnoses import lines; print('\\n'.join(lines()))",
        ],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    kept = [line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert done.stdout.splitlines() == kept
