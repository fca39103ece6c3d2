"""For whom files are encrypted: keys as they are, files with keys, and the practice's address book."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.recipients import Recipient, RecipientBook, is_name, looks_like_key, short_key
from casemgr.core.text import tidy
from casemgr.documents.age_files import NOTHING_WRITTEN, public_key
from casemgr.errors import InputRefused, NotFound
from casemgr.resources import load_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from casemgr.core.recipients import KnownRecipient
    from casemgr.settings import Places

FILE_NAME = "recipients.toml"
HEAD = "# For whom files are encrypted; `casemgr recipient` says more.\n"
MOST_RECIPIENTS = 20
MOST_CHARACTERS = 65_536
"""A file with keys is no longer than that."""


def address_book(places: Places) -> Mapping[str, KnownRecipient]:
    """Whom the practice knows, by name.

    Raises:
        ContentBroken: the file cannot be used; the nearest known key is named.
    """
    from casemgr.core.content import read_content

    path = places.config / FILE_NAME
    if not path.exists():
        return {}
    return read_content(RecipientBook, load_toml(path), path).recipients


class ListedRecipient(NamedTuple):
    """Somebody in the address book, for a list."""

    name: str
    key: str
    short: str
    """Both ends of the key, or its fingerprint."""
    note: str


def known_recipients(places: Places) -> list[ListedRecipient]:
    """Everybody in the address book, by name.

    Raises:
        ContentBroken: the file cannot be used.
        InputRefused: a key in it is none.
    """
    found = []
    for name, one in sorted(address_book(places).items()):
        key = public_key(one.key)
        found.append(ListedRecipient(name, key, short_key(key), one.note))
    return found


def found_recipients(places: Places, wanted: Iterable[str]) -> tuple[Recipient, ...]:
    """Whom some texts mean, each a key, a name in the address book, or a file with a key on each line.

    Raises:
        NotFound: nobody is called that, and no file is; the nearest names are given.
        InputRefused: something is no key that can be encrypted for.
    """
    found: dict[str, Recipient] = {}
    for text in wanted:
        for one in _meant(places, text.strip()):
            found.setdefault(one.key, one)
    if len(found) > MOST_RECIPIENTS:
        raise InputRefused(
            f"A file is encrypted for {MOST_RECIPIENTS} recipients at most",
            f"{len(found)} were named. {NOTHING_WRITTEN}",
        )
    return tuple(found.values())


def _meant(places: Places, text: str) -> list[Recipient]:
    if looks_like_key(text):
        return [Recipient(public_key(text))]
    book = address_book(places)
    if text in book:
        return [Recipient(public_key(book[text].key), text)]
    path = Path(text).expanduser()
    if path.is_file():
        lines = [line.strip() for line in _text_of(path).splitlines()]
        keys = [Recipient(public_key(line)) for line in lines if line and not line.startswith("#")]
        if keys:
            return keys
        raise InputRefused(f"There is no key in {path}", NOTHING_WRITTEN)
    raise NotFound(
        f"There is no recipient “{text}”",
        f"It is no key, no name in the address book, and no file. {NOTHING_WRITTEN}",
        "Name a key that begins with age1 or ssh-, or add one with `casemgr recipient add`.",
        tuple(_nearest(text, book)),
    )


def _text_of(path: Path) -> str:
    if path.stat().st_size <= MOST_CHARACTERS:
        try:
            return path.read_text("utf-8-sig")
        except (UnicodeDecodeError, OSError):
            pass
    raise InputRefused(f"{path} is no file with keys", NOTHING_WRITTEN, "It has one key on each line.")


def _nearest(text: str, book: Iterable[str]) -> list[str]:
    from difflib import get_close_matches

    names = sorted(book)
    return get_close_matches(text.lower(), names, n=3, cutoff=0.5) or names


def add_recipient(places: Places, name: str, key: str, note: str = "") -> Recipient:
    """Put somebody into the address book; what else the file says stays as it is.

    Raises:
        InputRefused: the name is none, taken by another key, or the key is none.
        NotWritten: the file cannot be written to.
    """
    if not is_name(name):
        raise InputRefused(
            f"“{name}” is no name for a recipient",
            "Nothing was saved.",
            "Use small letters, digits and hyphens, such as harbor-audit.",
        )
    kept = public_key(key.strip())
    if name in address_book(places):
        raise InputRefused(
            f"There is a recipient “{name}” already",
            "Nothing was saved.",
            f"For a new key of theirs, `casemgr recipient remove {name}` first.",
        )
    values = {"key": kept, "note": tidy(note)} if tidy(note) else {"key": kept}
    _change(places, {("recipients", name, each): value for each, value in values.items()})
    return Recipient(kept, name)


def remove_recipient(places: Places, name: str) -> None:
    """Take somebody out of the address book; what was encrypted for them stays theirs to read.

    Raises:
        NotFound: nobody is called that.
    """
    book = address_book(places)
    if name not in book:
        raise NotFound(
            f"There is no recipient “{name}”", "Nothing was changed.", candidates=tuple(_nearest(name, book))
        )
    from casemgr.documents.settings_file import without_setting

    path = places.config / FILE_NAME
    _put(places, without_setting(path.read_bytes().decode("utf-8-sig"), ("recipients", name)))


def _change(places: Places, values: Mapping[tuple[str, ...], str]) -> None:
    from casemgr.documents.settings_file import with_setting

    path = places.config / FILE_NAME
    text = path.read_bytes().decode("utf-8-sig") if path.exists() else HEAD
    for place, value in values.items():
        text = with_setting(text, place, value)
    _put(places, text)


def _put(places: Places, text: str) -> None:
    from casemgr.documents.files import write_file
    from casemgr.store.keys import make_private_folder

    make_private_folder(places.config)
    write_file(places.config / FILE_NAME, text.encode(), overwrite=True)
