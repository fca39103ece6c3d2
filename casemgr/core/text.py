"""Text as people write it, made comparable; and JSON that is the same bytes everywhere."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache

_SPLIT = re.compile(r"[^\w]+", re.UNICODE)
_PARTS = re.compile(r"[\s\-\u2010-\u2015.,/()]+")
"""What stands between the parts of a name; an apostrophe does not."""
STEERING = "\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""For brackets of a regular expression: controls beyond ASCII's own, and marks that turn the direction of
what follows, so that it would read other than it is written."""
_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """Text without case, accents, punctuation and double spaces: `" O'Brien-Núñez "` gives `obrien nunez`.

    Apostrophes vanish rather than split, since people leave them out; every other mark splits words.
    Letters that carry no decomposable accent (đ, ł, ø, ß) are mapped by casefold or kept.
    """
    # Decomposed first as well: some letters have a small form only once they are, such as ℃.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).translate(_SINGLE).casefold())
    kept = "".join(ch for ch in plain if not unicodedata.combining(ch))
    return " ".join(word for word in _SPLIT.split(kept.replace("_", " ")) if word)


_SINGLE = str.maketrans(
    {"'": "", "’": "", "‘": "", "`": "", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O"}
)


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text, in order."""
    return tuple(fold(text).split())


def tidy(text: str) -> str:
    """One line of text without control characters, outer spaces or runs of spaces."""
    return " ".join("".join(ch if unicodedata.category(ch)[0] != "C" else " " for ch in text).split())


def same_words(text: str) -> str:
    """A note made comparable: without case, line breaks and double spaces; far cheaper than folding."""
    return " ".join(text.casefold().split())


def last_first(last_name: str, first_name: str) -> str:
    """A name as charts file it: `Garcia, Ana`, or the last name alone."""
    return f"{last_name}, {first_name}" if first_name else last_name


@lru_cache(maxsize=4096)
def initials(last_name: str, first_name: str) -> str:
    """A name's initials, first name first, in the case in which they are written.

    Each word and each part of a hyphenated one has its own: `Ana van der Berg` is A.v.d.B., `Mary Jo
    O'Brien-Núñez` M.J.O.N. What has no letter at all has `?` for its initial.
    """
    found = []
    for part in _PARTS.split(unicodedata.normalize("NFC", f"{first_name} {last_name}")):
        at = next((at for at, ch in enumerate(part) if ch.isalpha()), None)
        if at is None:
            continue
        # Signs that belong to a letter, such as an accent without a letter of its own, stay with it.
        end = at + 1
        while end < len(part) and unicodedata.category(part[end])[0] == "M":
            end += 1
        found.append(f"{part[at:end]}.")
    return "".join(found) or "?"


def canonical_json(value: object) -> str:
    """JSON with sorted keys, no spaces, no needless escapes: the ledger hashes exactly this text."""
    return _CANONICAL.encode(value)
