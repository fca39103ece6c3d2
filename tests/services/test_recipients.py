"""The practice's address book of public keys, and whom a text means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyrage
import pytest

from casemgr.core.recipients import Recipient
from casemgr.errors import ContentBroken, InputRefused, NotFound
from casemgr.services.recipients import (
    MOST_RECIPIENTS,
    add_recipient,
    found_recipients,
    known_recipients,
    remove_recipient,
)
from casemgr.settings import Places

if TYPE_CHECKING:
    from pathlib import Path


def new_key() -> str:
    return str(pyrage.x25519.Identity.generate().to_public())


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.under(tmp_path / "home")


def test_one_is_added_found_listed_and_removed(places: Places) -> None:
    key, other = new_key(), new_key()
    add_recipient(places, "harbor-audit", f" {key} ", " read out  by telephone ")
    path = places.config / "recipients.toml"
    path.write_text(f"# theirs is on a card in the safe\n{path.read_text()}", "utf-8")
    add_recipient(places, "jlee", other)

    assert found_recipients(places, ["jlee", "harbor-audit", "jlee", key]) == (
        Recipient(other, "jlee"),
        Recipient(key, "harbor-audit"),
    )
    (first, second) = known_recipients(places)
    assert (first.name, first.note, second.name) == ("harbor-audit", "read out by telephone", "jlee")

    remove_recipient(places, "harbor-audit")

    assert [one.name for one in known_recipients(places)] == ["jlee"]
    assert "on a card in the safe" in path.read_text("utf-8")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_may_hold_several_keys(places: Places, tmp_path: Path) -> None:
    keys = [new_key(), new_key()]
    path = tmp_path / "auditors.txt"
    path.write_text(f"# two of them\n{keys[0]}\n\n{keys[1]}\n", "utf-8")

    assert [one.key for one in found_recipients(places, [str(path)])] == keys
    path.write_text("# nobody\n", "utf-8")
    with pytest.raises(InputRefused, match="no key in"):
        found_recipients(places, [str(path)])
    path.write_bytes(b"\xff" * 70_000)
    with pytest.raises(InputRefused, match="no file with keys"):
        found_recipients(places, [str(path)])


def test_who_is_not_known_is_told_with_the_nearest(places: Places) -> None:
    add_recipient(places, "harbor-audit", new_key())

    with pytest.raises(NotFound) as caught:
        found_recipients(places, ["harbour-audit"])
    assert caught.value.candidates == ("harbor-audit",)
    with pytest.raises(NotFound):
        remove_recipient(places, "jlee")


@pytest.mark.parametrize("name", ["", "Harbor", "a b", "age1x", "-a", "ssh-box", "ünal"])
def test_a_name_that_might_be_something_else_is_refused(places: Places, name: str) -> None:
    with pytest.raises(InputRefused, match="no name for a recipient"):
        add_recipient(places, name, new_key())
    assert not places.config.exists()


def test_a_name_is_not_given_to_another_key(places: Places) -> None:
    key = new_key()
    add_recipient(places, "jlee", key)

    with pytest.raises(InputRefused, match="already"):
        add_recipient(places, "jlee", new_key())
    assert found_recipients(places, ["jlee"])[0].key == key


def test_there_are_not_endlessly_many(places: Places, tmp_path: Path) -> None:
    path = tmp_path / "all.txt"
    path.write_text("\n".join(new_key() for _ in range(MOST_RECIPIENTS + 1)), "utf-8")

    with pytest.raises(InputRefused, match="at most"):
        found_recipients(places, [str(path)])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[recipients.jlee]\nkee = 'age1'\n", 'did you mean "key"'),
        ("[recipients.JLee]\nkey = 'age1'\n", "small letters"),
        ("[recipient.jlee]\nkey = 'age1'\n", 'did you mean "recipients"'),
        ("[recipients.jlee\n", "recipients.toml"),
    ],
)
def test_a_broken_address_book_says_what_is_wrong(places: Places, text: str, told: str) -> None:
    places.config.mkdir(parents=True)
    (places.config / "recipients.toml").write_text(text, "utf-8")

    with pytest.raises(ContentBroken) as caught:
        found_recipients(places, ["jlee"])
    assert told in caught.value.detail
