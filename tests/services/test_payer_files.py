"""Payers' files checked and copied, and their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.errors import ContentBroken, InputRefused, NotFound
from casemgr.services.content import ContentDesk
from casemgr.services.coverages import payer_known
from casemgr.services.lookups import marks, payer_sheet
from casemgr.services.payer_files import check_payer, copy_payer, own_folder, path_of, payer_paths
from casemgr.settings import read_settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def content(home: Path) -> ContentDesk:
    """Content without a practice."""
    return ContentDesk(read_settings({"CASEMGR_HOME": str(home)}).places)


def anew(content: ContentDesk) -> ContentDesk:
    """The same content, read again."""
    return ContentDesk(content.places)


def test_every_file_that_ships_has_no_fault(content: ContentDesk) -> None:
    paths = payer_paths(content)
    assert {"generic", "washington-hca-2020"} <= set(paths)
    for path in paths.values():
        check_payer(content, path)


def test_a_copy_keeps_the_comments_and_takes_a_name_of_its_own(content: ContentDesk) -> None:
    copied = copy_payer(content, "Harbor Dental PPO", "acme-2027", 'Acme "Gold"')
    text = copied.path.read_text("utf-8")
    assert copied.path == own_folder(content) / "acme-2027.toml"
    assert "# from the date of service" in text
    assert "Copied from harbor-dental-ppo" in text.splitlines()[0]
    read = anew(content)
    acme, harbor = payer_known(read, "acme-2027"), payer_known(read, "harbor")
    assert (acme.name, acme.aliases, harbor.name) == ('Acme "Gold"', (), "Harbor Dental PPO")
    assert acme.rules == harbor.rules
    assert check_payer(read, copied.path).payer == acme


def test_a_name_is_made_of_the_id_where_none_is_given(content: ContentDesk) -> None:
    copy_payer(content, "generic", "uncle-bobs-plan")
    assert payer_known(anew(content), "Uncle Bobs Plan").id == "uncle-bobs-plan"


def test_an_example_is_nobodys_payer_until_it_is_copied(content: ContentDesk) -> None:
    assert content.payers.find("washington-hca-2020") is None
    example = payer_known(content, "washington-hca-2020")
    assert marks(content, example) == ("example", "EXPIRED")
    copy_payer(content, "washington-hca-2020", "washington-hca-2020")
    own = anew(content)
    assert own.payers.find("washington-hca-2020") is not None
    assert marks(own, payer_known(own, "washington-hca-2020")) == ("EXPIRED",)


def test_a_copy_under_the_same_id_takes_our_places_and_keeps_its_names(content: ContentDesk) -> None:
    copy_payer(content, "generic", "generic")
    own = anew(content)
    assert payer_known(own, "generic").aliases == ("generic",)
    assert payer_paths(own)["generic"].parent == own_folder(own)


def test_nothing_is_overwritten(content: ContentDesk) -> None:
    path = copy_payer(content, "generic", "acme").path
    path.write_text('name = "Mine"\n', "utf-8")
    with pytest.raises(InputRefused, match=r"There is a file acme.toml already"):
        copy_payer(anew(content), "sunrise", "acme")
    assert path.read_text("utf-8") == 'name = "Mine"\n'


@pytest.mark.parametrize(
    ("new_id", "name", "taken", "its_own"),
    [
        ("harbor-2027", "harbor dental PPO", "harbor dental PPO", True),
        ("sunrise", "Our Harbor", "sunrise", False),
        ("acme", "Sunrise Medicaid", "Sunrise Medicaid", False),
    ],
)
def test_a_copy_under_a_name_that_another_payer_has_is_not_written(
    content: ContentDesk, new_id: str, name: str, taken: str, its_own: bool
) -> None:
    with pytest.raises(InputRefused, match=f"“{taken}” is a name of the payer") as caught:
        copy_payer(content, "harbor-dental-ppo", new_id, name)
    assert ("casemgr payer copy harbor-dental-ppo harbor-dental-ppo" in caught.value.todo) == its_own
    assert not own_folder(content).exists()


@pytest.mark.parametrize("new_id", ["", "Acme", "../acme", "acme dental", "acme_1", "-acme", "acme.toml"])
def test_an_id_is_small_letters_digits_and_hyphens(content: ContentDesk, new_id: str) -> None:
    with pytest.raises(InputRefused, match="cannot be a payer's id"):
        copy_payer(content, "generic", new_id)
    assert not own_folder(content).exists()


def test_what_is_not_there_is_told(content: ContentDesk, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        copy_payer(content, "nobody", "acme")
    with pytest.raises(NotFound):
        path_of(content, "nobody", tmp_path / "nobody")
    assert path_of(content, "generic", tmp_path / "generic").name == "generic.toml"


def test_a_name_that_another_payer_has_is_a_fault(content: ContentDesk, tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text('name = "Acme"\naliases = ["HARBOR dental"]\n', "utf-8")
    with pytest.raises(ContentBroken, match="A content file") as caught:
        check_payer(content, path)
    assert 'the name "HARBOR dental" belongs to the payer "harbor-dental-ppo" already' in caught.value.detail


def test_a_page_tells_the_rules_in_words(content: ContentDesk) -> None:
    page = payer_sheet(content, payer_known(content, "washington-hca-2020"))
    facts = dict((*page.facts, *page.more))
    assert facts["Payer"].endswith("(washington-hca-2020) · example · EXPIRED")
    assert "casemgr payer copy washington-hca-2020 NEW-ID" in facts["Example"]
    first, *rest = facts["Rule 1"].splitlines()
    assert first == "D9992, to 4/24/2020, EXPIRED"
    assert "- at most 1 a day, for each patient" in rest
    assert rest[-1].startswith("Source: Washington HCA")
    sunrise = dict(payer_sheet(content, payer_known(content, "sunrise")).facts)
    assert (sunrise["Filing"], sunrise["Benefit year"]) == ("within 90 days of the service", "from 7/1")
