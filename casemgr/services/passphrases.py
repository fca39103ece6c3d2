"""Passphrases: whether one is strong enough, and words to make one of.

By length and against what is common or soon guessed, never by rules of composition (NIST SP 800-63B-4,
3.1.1.2).
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from casemgr.errors import InputRefused

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

SHORTEST, LONGEST = 15, 256
"""Characters. NIST asks for fifteen of a passphrase that is all that somebody needs."""

SOON_GUESSED = 10**10
"""So many guesses, a tenth of a second each, are months of work for a rack of machines."""

SEEN = 72
"""Characters that the estimate looks at: more make nothing weaker."""

SUGGESTED_WORDS = 5
"""55 random bits, behind Argon2id."""


def check_passphrase(text: str, others: tuple[str, ...] = ()) -> None:
    """Refuse a passphrase that is too short, too long, or one of those that are tried first.

    Args:
        text: as it was typed.
        others: what is easily guessed here: login, name, practice.

    Raises:
        InputRefused: it is; `field` is `passphrase`.
    """
    weak = weakness(text, others)
    if weak:
        error = InputRefused(
            weak,
            "It was not taken; everything is as before.",
            f"Take a sentence, or some words that do not belong together, such as “{suggested()}”.",
        )
        error.field = "passphrase"
        raise error


def weakness(text: str, others: tuple[str, ...] = ()) -> str:
    """What is wrong with a passphrase, in a few words; empty where nothing is."""
    clear = unicodedata.normalize("NFC", text).strip()
    if len(clear) < SHORTEST:
        return f"A passphrase has at least {SHORTEST} characters; this has {len(clear)}"
    if len(clear) > LONGEST:
        return f"A passphrase has at most {LONGEST} characters"
    # Imported here: it brings its lists of words with it.
    from zxcvbn import zxcvbn

    found = zxcvbn(clear[:SEEN], user_inputs=[*others, "casemgr"])
    return "This passphrase is common or soon guessed" if found["guesses"] < SOON_GUESSED else ""


def suggested() -> str:
    """A passphrase of words taken at random."""
    from secrets import choice

    from mnemonic import Mnemonic

    words = Mnemonic("english").wordlist
    return " ".join(choice(words) for _ in range(SUGGESTED_WORDS))


def as_bytes(passphrase: str) -> bytes:
    """A passphrase as its slot is opened with: the same however the keyboard composes its letters."""
    return unicodedata.normalize("NFC", passphrase).strip().encode()


def of_file(path: Path) -> list[str]:
    """The passphrases in a file, one a line: yours, or the old one and the new one.

    Raises:
        InputRefused: it cannot be read, or holds none.
    """
    try:
        if not path.is_file() and not path.is_fifo():
            raise FileNotFoundError(0, "there is no such file")
        with path.open(encoding="utf-8") as file:
            return of_stream(file, str(path))
    except OSError as error:
        raise InputRefused(
            "The passphrase file cannot be read",
            f"{path}: {error.strerror}. Nothing was done.",
            "Name a file that only you can read, with the passphrase on its first line.",
        ) from error


def of_stream(stream: IO[str], name: str) -> list[str]:
    """The passphrases in an open file, one a line, at most two.

    Raises:
        InputRefused: there is none.
    """
    try:
        lines = [stream.readline(4 * LONGEST + 1).rstrip("\r\n")]
        if lines[0].strip():
            lines.append(stream.readline(4 * LONGEST + 1).rstrip("\r\n"))
    except UnicodeDecodeError:
        lines = [""]
    if not lines[0].strip():
        raise InputRefused(
            "There is no passphrase",
            f"{name} has no text on its first line. Nothing was done.",
            "Put the passphrase there, as UTF-8.",
        )
    return [line for line in lines if line.strip()]


def new_words() -> tuple[str, ...]:
    """Twelve words that hold 128 random bits and a checksum (the English list of BIP 39)."""
    from mnemonic import Mnemonic

    return tuple(Mnemonic("english").generate(128).split())


def refuse_no_words(words: tuple[str, ...]) -> None:
    """Refuse what cannot be a recovery key, before it counts as a try.

    Raises:
        InputRefused: not twelve words, a word that is not in the list, or a slip in one of them.
    """
    from mnemonic import Mnemonic

    english = Mnemonic("english")
    unknown = [word for word in words if word not in english.wordlist]
    if unknown or len(words) != 12 or not english.check(" ".join(words)):
        said = (
            f"“{unknown[0]}” is none of the words it is made of."
            if unknown
            else f"It has twelve words; here are {len(words)}."
            if len(words) != 12
            else "Two words were mistaken for others, or stand in another order."
        )
        error = InputRefused(
            "This is not the recovery key", f"{said} Nothing was changed.", "Copy it from its page once more."
        )
        error.field = "words"
        raise error
