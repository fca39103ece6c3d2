"""The practice's particulars: changed whole or not at all, and known at the desk at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.errors import InputRefused
from casemgr.services.practices import edit_practice

if TYPE_CHECKING:
    from casemgr.services.desk import Desk


def test_what_is_changed_counts_at_the_desk_at_once(desk: Desk) -> None:
    edit_practice(desk, {"name": "Harbor Dental", "time_zone": "America/Chicago", "npi": "1234567893"})
    assert (desk.practice.name, desk.house.name) == ("Harbor Dental", "Harbor Dental")
    assert desk.zone.key == "America/Chicago"
    assert desk.practice.npi == "1234567893"


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"name": " "}, "name", "needs a name"),
        ({"npi": "12"}, "npi", "no NPI"),
        ({"name": "Riverside Community Dental"}, "", "says this already"),
    ],
)
def test_a_refusal_names_its_field(desk: Desk, changes: dict[str, str], field: str, said: str) -> None:
    with pytest.raises(InputRefused, match=said) as caught:
        edit_practice(desk, changes)
    assert caught.value.field == field
