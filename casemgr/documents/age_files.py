"""Files encrypted for recipients (age-encryption.org/v1), so that they alone can read them.

Nobody who has the file learns who wrote it or that nothing of it is missing but by the digests that the
record keeps; pyrage is imported here and only when something is encrypted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casemgr.core.recipients import SECRET
from casemgr.errors import InputRefused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

SUFFIX = ".age"
"""What the name of an encrypted file ends with."""
NOTHING_WRITTEN = "Nothing was written."


def public_key(text: str) -> str:
    """A recipient's key as it is kept: without its comment, and known to be one.

    Raises:
        InputRefused: it is a secret key, or none that can be encrypted for. It is not quoted where it may
            be secret.
    """
    words = text.split()
    if text.lstrip().startswith(SECRET):
        raise InputRefused(
            "This is a secret key, which its owner alone may have",
            NOTHING_WRITTEN,
            "Give the public one, which begins with age1 or ssh-; `age-keygen -y` shows it.",
        )
    key = " ".join(words[:2]) if text.startswith("ssh-") else "".join(words[:1])
    _recipient(key)
    return key


def seal(content: bytes, keys: Sequence[str]) -> bytes:
    """Content encrypted for every one of some keys; any of their owners can read it.

    Raises:
        InputRefused: one is no key.
    """
    import pyrage

    sealed: bytes = pyrage.encrypt(content, [_recipient(key) for key in keys])
    return sealed


def seal_file(source: IO[bytes], target: IO[bytes], keys: Sequence[str]) -> None:
    """As `seal`, piece by piece, for what is too big for memory.

    Raises:
        InputRefused: one is no key.
        OSError: the target takes no more.
    """
    import pyrage

    checked = _Errors(target)
    try:
        pyrage.encrypt_io(source, checked, [_recipient(key) for key in keys])
    except pyrage.EncryptError:
        # It tells of the file's own errors in words alone.
        if checked.error:
            raise checked.error from None
        raise


def unseal_file(source: IO[bytes], target: IO[bytes], identity: str) -> None:
    """Decrypt a file; what was written to the target before it was refused is not to be used.

    Args:
        source: the encrypted file.
        target: where its content goes.
        identity: the text of a file with a secret key of age's or SSH's.

    Raises:
        InputRefused: the identity is none, it is not for this file, or the file is damaged or no such file.
        OSError: the target takes no more.
    """
    import pyrage

    identities = _identities(identity)
    checked = _Errors(target)
    try:
        pyrage.decrypt_io(source, checked, identities)
    except (pyrage.DecryptError, pyrage.IdentityError, OSError) as error:
        if checked.error:
            raise checked.error from None
        raise InputRefused(
            "The file cannot be decrypted",
            f"{str(error).rstrip('.')[:80]}. The secret key is another's, or the file is damaged or cut off.",
            "Give the identity of one of those for whom it was encrypted; the record of the backup names "
            "them.",
        ) from None


def _recipient(key: str) -> Any:
    from pyrage import RecipientError, ssh, x25519

    try:
        return (ssh if key.startswith("ssh-") else x25519).Recipient.from_str(key)
    except RecipientError:
        raise InputRefused(
            f"“{key[:24]}{'…' if key[24:] else ''}” is no key that can be encrypted for",
            f"It must be one of age's (age1…), or of SSH's (ssh-ed25519 or ssh-rsa, 2048 bits at least). "
            f"{NOTHING_WRITTEN}",
            "Ask its owner for the whole line, as `age-keygen` or `ssh-keygen` printed it.",
        ) from None


def _identities(text: str) -> list[Any]:
    from pyrage import IdentityError, ssh, x25519

    try:
        if "-----BEGIN" in text:
            return [ssh.Identity.from_buffer(text.encode())]
        lines = [line.strip() for line in text.splitlines()]
        found = [x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except IdentityError as error:
        raise InputRefused(
            "The identity cannot be used",
            f"{str(error).rstrip('.')}. Nothing was changed.",
            "It is a file that `age-keygen -o` made, or an SSH key of which the passphrase was taken off.",
        ) from None
    if not found:
        raise InputRefused("There is no secret key in the identity file", "Nothing was changed.")
    return found


class _Errors:
    """A file that remembers why it took no more."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write on."""
        try:
            return self._file.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        """Nothing is held back here."""
        self._file.flush()
