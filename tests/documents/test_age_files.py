"""Encrypted files, opened with the keys of those for whom they were made and with no other."""

from __future__ import annotations

from io import BytesIO

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from casemgr.core.recipients import Recipient, short_key
from casemgr.documents.age_files import public_key, seal, seal_file, unseal_file
from casemgr.errors import InputRefused

CONTENT = b"everybody here is made up" * 9_000


class FullDisk(BytesIO):
    """A file that takes no more."""

    def write(self, data: object) -> int:
        raise OSError(28, "No space left on device")


def ssh_pair() -> tuple[str, str]:
    """A public key as its owner sends it, and the file of the secret one."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
    return f"{public} jlee@office", secret


def test_each_recipient_opens_it_and_nobody_else() -> None:
    mine, yours = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    public, secret = ssh_pair()
    keys = [public_key(str(mine.to_public())), public_key(public)]

    sealed = seal(CONTENT, keys)

    assert CONTENT[:12] not in sealed
    assert pyrage.decrypt(sealed, [mine]) == CONTENT
    opened = BytesIO()
    unseal_file(BytesIO(sealed), opened, secret)
    assert opened.getvalue() == CONTENT
    with pytest.raises(InputRefused, match="cannot be decrypted"):
        unseal_file(BytesIO(sealed), BytesIO(), str(yours))


def test_piece_by_piece_gives_a_file_of_the_same_kind() -> None:
    mine = pyrage.x25519.Identity.generate()
    sealed, opened = BytesIO(), BytesIO()

    seal_file(BytesIO(CONTENT), sealed, [str(mine.to_public())])
    sealed.seek(0)
    unseal_file(sealed, opened, f"# created: just now\n{mine}\n")

    assert opened.getvalue() == CONTENT
    with pytest.raises(OSError, match="No space"):
        seal_file(BytesIO(CONTENT), FullDisk(), [str(mine.to_public())])


@pytest.mark.parametrize("damage", [slice(0, 60), slice(0, -1), slice(1, None), slice(0, 0)])
def test_a_damaged_file_is_refused(damage: slice) -> None:
    mine = pyrage.x25519.Identity.generate()
    sealed = seal(CONTENT, [str(mine.to_public())])

    with pytest.raises(InputRefused, match="cannot be decrypted"):
        unseal_file(BytesIO(sealed[damage]), BytesIO(), str(mine))


@pytest.mark.parametrize("identity", ["", "# nothing\n", "AGE-SECRET-KEY-1", "-----BEGIN nonsense-----"])
def test_what_is_no_identity_is_refused(identity: str) -> None:
    with pytest.raises(InputRefused):
        unseal_file(BytesIO(b"age-encryption.org/v1\n"), BytesIO(), identity)


@pytest.mark.parametrize(
    "text", ["", "age1", "age1nonsense", "ssh-ed25519 AAAA", "ssh-dss AAAA", "harbor", "age1é"]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(InputRefused, match="no key that can be encrypted for"):
        public_key(text)


@pytest.mark.parametrize("of", ["age", "ssh"])
def test_a_secret_key_is_refused_and_not_repeated(of: str) -> None:
    text = str(pyrage.x25519.Identity.generate()) if of == "age" else ssh_pair()[1]

    with pytest.raises(InputRefused, match="secret key") as caught:
        public_key(text)

    told = " ".join((caught.value.title, caught.value.detail, caught.value.todo))
    assert not any(line in told for line in text.splitlines())


def test_keys_are_told_in_short() -> None:
    public, _ = ssh_pair()
    key = str(pyrage.x25519.Identity.generate().to_public())

    assert public_key(public) == public.removesuffix(" jlee@office")
    assert short_key(public_key(public)).startswith("ssh-ed25519 SHA256:")
    assert str(Recipient(key, "harbor")) == f"harbor ({key[:12]}…{key[-6:]})"
