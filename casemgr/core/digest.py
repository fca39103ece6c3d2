"""What an activity says, as one digest: by it a row is known again when it comes a second time."""

from __future__ import annotations

import unicodedata
from hashlib import sha256


def content_digest(
    *,
    staff: str,
    service_date: str,
    patient_id: str,
    kind: str,
    minutes: int,
    method: str,
    note: str,
    outcome_words: str,
    follow_up: str,
) -> str:
    """SHA-256 over what was done, as 64 hex digits.

    Dates are ISO text, an empty `follow_up` means none; `method` is an id of the vocabulary where it has one.
    Texts count without case, outer spaces, runs of spaces and differences in how a letter is encoded; every
    mark counts, since a + and a - may be all that two notes have in them. Where it stood counts for nothing.
    """
    parts = (
        staff,
        service_date,
        patient_id,
        kind,
        str(minutes),
        _plain(method),
        _plain(note),
        _plain(outcome_words),
        follow_up,
    )
    # A unit separator counts as space in _plain, so no text can reach over into the next part.
    return sha256("\x1f".join(parts).encode()).hexdigest()


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.casefold().split())
