"""The workbooks that a practice can export: ours and its own, found by name, listed, and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.profiles import read_profile
from casemgr.core.sources import ROW_TYPES
from casemgr.core.text import fold
from casemgr.errors import ContentBroken, NotFound
from casemgr.resources import content_files, content_text

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.core.profiles import Profile
    from casemgr.services.content import ContentDesk


class ListedProfile(NamedTuple):
    """A profile's file and what it holds."""

    id: str
    path: Path
    own: bool
    """Whether it is the practice's own."""
    profile: Profile | None
    """None where it cannot be used."""


def profile_folder(desk: ContentDesk) -> Path:
    """Where a practice puts its own profiles."""
    return desk.places.config / "workbooks"


def profile_files(desk: ContentDesk) -> dict[str, Path]:
    """The files by id; the practice's own takes the place of ours of the same name."""
    return {path.stem: path for path in content_files("exports/workbooks", profile_folder(desk))}


def listed_profiles(desk: ContentDesk) -> list[ListedProfile]:
    """Every profile by id; one that cannot be used is among them."""
    found = []
    for name, path in profile_files(desk).items():
        try:
            profile = profile_in(path)
        except ContentBroken:
            profile = None
        found.append(ListedProfile(name, path, path.parent == profile_folder(desk), profile))
    return found


def profile_named(desk: ContentDesk, name: str) -> Profile:
    """The profile of an id, in any case, or of a title.

    Raises:
        NotFound: there is none; those that there are are named.
        ContentBroken: it cannot be used.
    """
    files = profile_files(desk)
    wanted = name.strip().casefold()
    path = next((path for stem, path in files.items() if stem.casefold() == wanted), None)
    if path is not None:
        return profile_in(path)
    readable = (each.profile for each in listed_profiles(desk) if each.profile)
    titled = [profile for profile in readable if fold(profile.title) == fold(name)]
    if len(titled) == 1:
        return titled[0]
    raise NotFound(
        f"There is no workbook profile “{name}”",
        "Nothing was written.",
        "`casemgr export profiles` says what each is for.",
        tuple(files),
    )


def profile_in(path: Path) -> Profile:
    """The profile in a file.

    Raises:
        ContentBroken: it cannot be read or used; every fault is named.
    """
    return read_profile(content_text(path), str(path), ROW_TYPES)
