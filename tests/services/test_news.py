"""What's new: the changelog in parts, and being told once after an update."""

from __future__ import annotations

from typing import TYPE_CHECKING

import casemgr
from casemgr.services.news import read_changelog, releases, updated_from

if TYPE_CHECKING:
    import pytest

    from casemgr.settings import Settings

TEXT = """# Changelog

What people notice, newest first.

## 0.3.0, unreleased

## 0.2.0, 2027-01-05

- One thing, that goes on
  in a second line with `code`.
- Another.

## 0.1.0, 2026-11-30

- The first.
"""


def test_sections_come_newest_first_and_without_breaks() -> None:
    newer, older = read_changelog(TEXT)
    assert (newer.version, newer.title) == ("0.2.0", "0.2.0, 2027-01-05")
    assert newer.news == ("One thing, that goes on in a second line with code.", "Another.")
    assert older.version == "0.1.0"


def test_our_own_changelog_says_what_is_in_this_version() -> None:
    newest = releases()[0]
    assert newest.version == casemgr.__version__
    assert all(news.endswith(".") for news in newest.news)


def test_an_update_is_told_once_and_a_beginning_never(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.places.data.mkdir(parents=True, exist_ok=True)
    assert updated_from(settings.places) == ""
    monkeypatch.setattr(casemgr, "__version__", "99.1")
    assert updated_from(settings.places) == "0.1.0"
    assert updated_from(settings.places) == ""


def test_what_was_noted_in_a_broken_way_is_no_trouble(settings: Settings) -> None:
    settings.places.data.mkdir(parents=True, exist_ok=True)
    (settings.places.data / "seen-version").write_bytes(b"\xff\x00")
    assert updated_from(settings.places) == ""
