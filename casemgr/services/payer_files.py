"""Payers' files: ours, the practice's own and the sourced examples; checked, and copied to be edited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.content import broken, parse_toml
from casemgr.core.dates import format_us
from casemgr.core.payer_checks import payer_faults, payer_warnings
from casemgr.core.payers import Payer
from casemgr.core.text import fold, tidy
from casemgr.errors import ContentBroken, InputRefused, NotFound
from casemgr.resources import content_files, load_toml
from casemgr.store.keys import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from casemgr.services.content import ContentDesk

OURS, EXAMPLES = "schema/payers", "schema/payers/examples"
NEW_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What a payer's file may be called, without its ending."""

_NAME = re.compile(r'^name\s*=\s*("(?:[^"\\]|\\.)*"|\'[^\']*\')', re.MULTILINE)
_ALIASES = re.compile(r"^aliases\s*=\s*\[[^\]]*\][^\n]*\n", re.MULTILINE)


class Checked(NamedTuple):
    """A payer's file that can be used, and what in it should be looked at."""

    payer: Payer
    warnings: tuple[str, ...]


class CopiedPayer(NamedTuple):
    """A practice's new payer file, and from which one it was copied."""

    id: str
    path: Path
    source: str


def own_folder(desk: ContentDesk) -> Path:
    """Where a practice puts its own payers."""
    return desk.places.config / "payers"


def payer_paths(desk: ContentDesk) -> dict[str, Path]:
    """Every payer file by id, examples too; the practice's own takes the place of ours of the same name."""
    examples = {path.stem: path for path in content_files(EXAMPLES, None)}
    return examples | {path.stem: path for path in content_files(OURS, own_folder(desk))}


def check_payer(desk: ContentDesk, path: Path) -> Checked:
    """Read a payer's file as if it stood among the practice's own.

    Raises:
        ContentBroken: it cannot be used; every fault is named, with the nearest that is known.
    """
    payer = Payer.of(path.stem, load_toml(path), path)
    faults = list(payer_faults(payer, desk.kinds))
    faults += (
        f'the name "{name}" belongs to the payer "{owner}" already' for name, owner in _taken(desk, payer)
    )
    if not NEW_ID.fullmatch(path.stem):
        faults.append(f'the file\'s name "{path.stem}" must be small letters, digits and hyphens')
    if faults:
        raise broken(path, faults)
    return Checked(payer, tuple(payer_warnings(payer, desk.today(), desk.codes)))


def copy_payer(desk: ContentDesk, text: str, new_id: str, name: str = "") -> CopiedPayer:
    """Copy a payer's file into the practice's own folder, comments and all, under another id and name.

    Args:
        desk: where content lies.
        text: id or name of the payer to copy, an example's too.
        new_id: what the copy is called.
        name: the payer's name in the copy; made of the id unless it is given or the id stays the same.

    Raises:
        NotFound: there is no such payer.
        InputRefused: the id is none or a file of the practice has it, or a name is another payer's.
        ContentBroken: the copy would not be a payer; nothing was written.
    """
    # Imported here: whoever only checks a file writes none.
    from casemgr.documents.files import write_file
    from casemgr.services.coverages import payer_known

    if not NEW_ID.fullmatch(new_id):
        raise _refused(
            f"“{new_id}” cannot be a payer's id",
            "Small letters, digits and hyphens make one, such as harbor-2027.",
        )
    path = own_folder(desk) / f"{new_id}.toml"
    if path.exists():
        raise _refused(f"There is a file {path.name} already", f"Edit {path}, or choose another id.")
    paths = payer_paths(desk)
    # By its id first, so that a broken file elsewhere is in nobody's way.
    source_id = text.strip() if text.strip() in paths else payer_known(desk, text).id
    source = paths[source_id]
    written = source.read_text("utf-8-sig")
    if new_id != source_id:
        # The names of the one that is copied stay its own.
        written = _ALIASES.sub("", written, count=1)
        written = _renamed(written, tidy(name) or new_id.replace("-", " ").title())
    elif tidy(name):
        written = _renamed(written, tidy(name))
    written = (
        f"# Copied from {source_id} on {format_us(desk.today())}. Write in what this payer says, where\n"
        f"# it says so, and when you read it; casemgr payer check {new_id} tells what is wrong.\n{written}"
    )
    copied = Payer.of(new_id, parse_toml(written, path), path)
    # Two payers of one name are refused wherever payers are read, which is nearly everywhere.
    if taken := _taken(desk, copied):
        name, owner = taken[0]
        todo = "Choose another id or --name."
        if owner == source_id and source.parent != path.parent:
            todo += f" For a file of your own in its place: casemgr payer copy {source_id} {source_id}."
        raise _refused(f"“{name}” is a name of the payer {owner} already", todo)
    make_private_folder(path.parent)
    write_file(path, written.encode())
    return CopiedPayer(new_id, path, source_id)


def path_of(desk: ContentDesk, text: str, path: Path) -> Path:
    """The file that a path, or a payer's id, means.

    Raises:
        NotFound: neither is there.
    """
    if path.is_file():
        return path
    if found := payer_paths(desk).get(text.strip()):
        return found
    raise NotFound(
        f"There is no file “{text}”, and no payer of that id",
        "Nothing was checked.",
        "`casemgr payer list` shows the ids.",
    )


def _renamed(text: str, name: str) -> str:
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _NAME.sub(lambda _: f"name = {quoted}", text, count=1)


def _taken(desk: ContentDesk, payer: Payer) -> list[tuple[str, str]]:
    """Which of a payer's names another one has, and which one."""
    owners = dict(_names_of_others(desk, payer.id))
    names = (payer.id, payer.name, *payer.aliases)
    return [(name, owner) for name in names if (owner := owners.get(fold(name)))]


def _names_of_others(desk: ContentDesk, payer_id: str) -> Iterator[tuple[str, str]]:
    """The names of other payers that claims go by, folded, with whose they are; a broken file has none."""
    for path in content_files(OURS, own_folder(desk)):
        if path.stem == payer_id:
            continue
        try:
            other = Payer.of(path.stem, load_toml(path), path)
        except ContentBroken:
            continue
        for name in (other.id, other.name, *other.aliases):
            yield fold(name), other.id


def _refused(title: str, todo: str) -> InputRefused:
    return InputRefused(title, "Nothing was written.", todo)
