"""How somebody was contacted: the vocabulary of contact methods."""

from __future__ import annotations

from typing import NamedTuple

from casemgr.core.text import tidy, words


class Method(NamedTuple):
    """A contact method: how it is shown, and the words that people write for it."""

    label: str
    aliases: tuple[str, ...]


METHODS: dict[str, Method] = {
    "phone": Method("Phone", ("phone", "call", "called", "phoned", "phone call", "by phone", "telephone")),
    "text": Method("Text", ("text", "texted", "text message", "sms")),
    "email": Method("Email", ("email", "emailed", "e-mail", "e-mailed")),
    "video": Method("Video", ("video", "video call", "by video")),
    "in_person": Method("In person", ("in person", "in-person", "inperson", "face to face")),
    "mail": Method("Mail", ("mail", "mailed", "letter", "by mail", "post")),
    "fax": Method("Fax", ("fax", "faxed", "by fax")),
}
"""Contact methods by the id that activities keep."""

METHOD_WORDS: dict[tuple[str, ...], str] = {
    words(alias): method for method, entry in METHODS.items() for alias in (method, *entry.aliases)
}
"""Ids of contact methods by the folded words of each alias."""


def read_method(text: str) -> str:
    """The id of a contact method, or the text as written where it is none of the vocabulary."""
    return METHOD_WORDS.get(words(text), tidy(text))


def method_label(method: str) -> str:
    """How a contact method, as activities keep it, is shown to people."""
    return METHODS[method].label if method in METHODS else method
