"""Public keys for which files are encrypted, and the practice's own list of whose they are."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field

from casemgr.core.base import Content

SECRET = ("AGE-SECRET-KEY-", "-----BEGIN")
"""How the keys begin that nobody must be given."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_ENDS = (12, 6)
"""So many characters of a key's beginning and end tell it from others at a glance."""


class Recipient(NamedTuple):
    """For whom a file is encrypted."""

    key: str
    """`age1…`, or `ssh-ed25519 …` without its comment."""
    name: str = ""
    """In the practice's address book; empty for a key that was named itself."""

    def __str__(self) -> str:
        """As the record says it: `harbor-audit (age1wa5vfqpm…p0lt2x)`."""
        return f"{self.name} ({short_key(self.key)})" if self.name else short_key(self.key)


def looks_like_key(text: str) -> bool:
    """Whether a text is meant as a key, and not as a name or a file."""
    return text.startswith(("age1", "ssh-", *SECRET))


def short_key(key: str) -> str:
    """A key in short: both ends of one of age's, the fingerprint of SSH's as `ssh-keygen -l` says it."""
    kind, _, rest = key.partition(" ")
    if not rest:
        return f"{key[: _ENDS[0]]}…{key[-_ENDS[1] :]}"
    digest = b64encode(sha256(b64decode(rest)).digest()).decode().rstrip("=")
    return f"{kind} SHA256:{digest}"


def is_name(text: str) -> bool:
    """Whether an entry of the address book may be called so."""
    return _NAME.fullmatch(text) is not None and not looks_like_key(text)


def _name(text: str) -> str:
    if not is_name(text):
        raise ValueError("a recipient's name is small letters, digits and hyphens, such as harbor-audit")
    return text


class KnownRecipient(Content):
    """Whose key it is."""

    key: str
    note: str = ""


class RecipientBook(Content):
    """The file `recipients.toml`: a table `[recipients.NAME]` for each."""

    recipients: dict[Annotated[str, AfterValidator(_name)], KnownRecipient] = Field(default_factory=dict)
