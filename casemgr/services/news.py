"""What's new: the changelog's newest sections, and whether the program is another than the last time."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import casemgr
from casemgr.resources import content_root

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.settings import Places

CHANGELOG = "CHANGELOG.md"

SEEN_NAME = "seen-version"
"""The file that remembers which version was here last; nothing of the record depends on it."""

_VERSION = re.compile(r"\d+(\.\d+)*")


class Release(NamedTuple):
    """A section of the changelog."""

    version: str
    title: str
    """Version and date, or that it is not released yet."""
    news: tuple[str, ...]
    """A text each, without breaks."""


def releases(most: int = 5) -> tuple[Release, ...]:
    """The newest sections, the newest first; none where the program was installed without its changelog."""
    path = content_root() / CHANGELOG
    return read_changelog(path.read_text("utf-8"))[:most] if path.is_file() else ()


def read_changelog(text: str) -> tuple[Release, ...]:
    """The sections of a changelog, those without news left out."""
    found = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = section.partition("\n")
        items = re.split(r"^- ", body, flags=re.MULTILINE)[1:]
        news = tuple(" ".join(item.split()).replace("`", "") for item in items)
        version = _VERSION.search(title)
        if news:
            found.append(Release(version[0] if version else "", title.strip(), news))
    return tuple(found)


def updated_from(places: Places) -> str:
    """The version that was here the last time, where it is another than now; asked once, since it is noted.

    Where nothing was noted yet nothing is new: whoever begins has not known anything else.
    """
    path = places.data / SEEN_NAME
    before = _noted(path)
    if before == casemgr.__version__:
        return ""
    from casemgr.documents.files import write_file
    from casemgr.errors import CasemgrError

    # Where it cannot be noted, it is told again the next time.
    with suppress(CasemgrError, OSError):
        write_file(path, f"{casemgr.__version__}\n".encode(), overwrite=True)
    return before


def _noted(path: Path) -> str:
    try:
        found = _VERSION.match(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return ""
    return found[0] if found else ""
