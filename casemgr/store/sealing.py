"""Stretching, wrapping and sealing: the one place that knows argon2 and cryptography."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casemgr.core.key_slots import Hardness

NONCE_BYTES = 12
PUBLIC_BYTES = 32


class NotOpened(ValueError):
    """The key is another one, or the bytes were altered."""


def stretched(secret: bytes, salt: bytes, hardness: Hardness) -> bytes:
    """32 bytes from a passphrase, slowly (RFC 9106)."""
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        secret,
        salt,
        time_cost=hardness.time_cost,
        memory_cost=hardness.memory_kib,
        parallelism=hardness.lanes,
        hash_len=32,
        type=Type.ID,
    )


def derived(key: bytes, purpose: str) -> bytes:
    """32 bytes from a key, for one purpose alone (HKDF-SHA256, RFC 5869)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), length=32, salt=None, info=f"casemgr {purpose}".encode()).derive(key)


def wrap(key: bytes, clear: bytes, bound_to: bytes) -> bytes:
    """Encrypt and authenticate (ChaCha20-Poly1305, RFC 8439): nonce, ciphertext and tag.

    Args:
        key: 32 bytes.
        clear: what is encrypted.
        bound_to: what must be the same again for it to open.
    """
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce = os.urandom(NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, clear, bound_to)


def unwrap(key: bytes, wrapped: bytes, bound_to: bytes) -> bytes:
    """What was wrapped.

    Raises:
        NotOpened: another key, or something was altered.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        return ChaCha20Poly1305(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError) as error:
        raise NotOpened("not opened") from error


def new_pair() -> tuple[bytes, bytes]:
    """A private key and its public half (X25519, RFC 7748), 32 bytes each."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def seal(public: bytes, clear: bytes, binding: bytes, bound_to: bytes) -> bytes:
    """Encrypt for whoever has a private key: a public key made for this once, then what `wrap` gives.

    Args:
        public: 32 bytes.
        clear: what is encrypted.
        binding: a secret of both sides: a public key alone does not make something that opens.
        bound_to: what must be the same again for it to open.
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    once = X25519PrivateKey.generate()
    mine = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    return mine + wrap(derived(shared + mine + public + binding, "seal"), clear, bound_to)


def unseal(private: bytes, sealed: bytes, binding: bytes, bound_to: bytes) -> bytes:
    """What was sealed to a private key's public half.

    Raises:
        NotOpened: another key, or something was altered.
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    mine = X25519PrivateKey.from_private_bytes(private)
    theirs = sealed[:PUBLIC_BYTES]
    try:
        shared = mine.exchange(X25519PublicKey.from_public_bytes(theirs))
    except ValueError as error:
        raise NotOpened("not opened") from error
    key = derived(shared + theirs + mine.public_key().public_bytes_raw() + binding, "seal")
    return unwrap(key, sealed[PUBLIC_BYTES:], bound_to)
