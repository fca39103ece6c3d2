"""What was done, in whole sentences made from signed records.

Nothing is added, and what people wrote stands verbatim. The manner is that of a chart note: date, who, how
long, on what; who was contacted and how; outcome; next step.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from casemgr.core.dates import format_us
from casemgr.core.rows import OTHER
from casemgr.core.text import fold, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from casemgr.core.kinds import Kind
    from casemgr.core.records import Activity

REMARKS_LIMIT = 400
"""Characters of a claim's remarks: box 35 of the ADA form, five NTE segments of 80 characters in the 837D."""

NOTE_WIDTH = 80
"""Characters of one NTE segment of the 837D."""
NOTE_LINES = 5
"""How many NTE segments a claim may have in the 5010 dental guide."""

_BY_METHOD = {
    "phone": "by phone",
    "text": "by text message",
    "email": "by e-mail",
    "video": "by video",
    "in_person": "in person",
    "mail": "by mail",
    "fax": "by fax",
}
"""How a sentence says each contact method."""

_SENTENCE_END = re.compile(r"[.!?…][”)]?(?= )")
_ENDS = (".", "!", "?", "…")


class Told(NamedTuple):
    """An activity with what its sentences need."""

    kind: Kind
    activity: Activity
    staff_name: str
    """The rendering staff's name."""
    credential: str = ""
    """The letters after the name, such as CDHC."""


def sentence(kind: Kind, activity: Activity, staff_name: str, credential: str = "") -> str:
    """An activity in whole sentences.

    `On 10/21/2026 Marisol Rivera, CDHC, spent 20 minutes coordinating a referral to oral surgery (Dr. Patel).
    Ana's mother was contacted by phone. The note reads: “sent records”. Outcome: booked 10/28. Next step: …`

    Empty fields are left out. Note and response stand in quotation marks, outcome and next step after their
    names, all as they were written.
    """
    who = f"{staff_name}, {credential}," if credential else staff_name
    minutes = "1 minute" if activity.minutes == 1 else f"{activity.minutes} minutes"
    day = format_us(activity.service_date)
    outcome = kind.outcome(activity.outcome)
    own_reason = fold(activity.fields.get("reason", ""))
    parts = [
        f"On {day} {who} spent {minutes} {kind.doing(activity.fields)}.",
        _after("Reason:", activity.reason) if fold(activity.reason) != own_reason else "",
        _contact(activity, outcome.contact if outcome else None),
        _quoted("The note reads:", activity.note),
        _quoted("The response was:", activity.response),
        _after("Outcome:", _outcome_words(kind, activity)),
        _after("Next step:", activity.next_step),
    ]
    return " ".join(part for part in parts if part)


def narrative(told: Iterable[Told]) -> tuple[str, ...]:
    """The sentences of each activity, by service date and start; those of one time stay in their order."""
    in_order = sorted(told, key=lambda one: (one.activity.service_date, one.activity.start))
    return tuple(sentence(*one) for one in in_order)


def remark(kind: Kind, activity: Activity) -> str:
    """An activity in few words: `10/21/2026: Referral coordination, 20 min; booked 10/28.`"""
    words = _outcome_words(kind, activity)
    start = f"{format_us(activity.service_date)}: {kind.title}, {activity.minutes} min"
    return _closed(f"{start}; {words}" if words else start)


def remarks_text(parts: Sequence[str], limit: int = REMARKS_LIMIT) -> str:
    """As much of a text as a remarks box holds.

    Args:
        parts: what is to be said, the most important first, such as remark or sentence of each activity.
        limit: the most characters that the result may have.

    Returns:
        All parts where they fit. Else as many whole sentences as fit, or whole words where not even the first
        sentence does; ` …` at the end says that there was more, if there is room for it. A quotation or a
        parenthesis is never cut by a sentence's end.
    """
    text = " ".join(tidied for part in parts if (tidied := tidy(part)))
    if len(text) <= limit:
        return text
    # A cut before the last character loses something, so every end found here means that there was more.
    ends = [found.end() for found in _SENTENCE_END.finditer(text, 0, limit + 1)]
    kept = next((text[:end] for end in reversed(ends) if end <= limit and _balanced(text[:end])), "")
    if not kept:
        space = text.rfind(" ", 0, limit + 1)
        kept = text[:space] if space > 0 else ""
    more = f"{kept} …" if kept else "…"
    return more if len(more) <= limit else kept


def note_lines(text: str) -> tuple[str, ...]:
    """A remarks text as the lines of an electronic note: at most 5, of at most 80 characters each.

    Joined without anything between them they are the text again. Lines end between words, so long as what
    follows still fits into the lines that are left; the space goes to the next line, since X12 drops trailing
    spaces and keeps leading ones.

    Raises:
        ValueError: the text is longer than 400 characters.
    """
    if len(text) > NOTE_WIDTH * NOTE_LINES:
        raise ValueError(f"a note of {len(text)} characters does not fit into {NOTE_LINES} lines")
    lines: list[str] = []
    while text:
        room_after = NOTE_WIDTH * (NOTE_LINES - len(lines) - 1)
        space = text.rfind(" ", max(1, len(text) - room_after), NOTE_WIDTH + 1)
        end = space if len(text) > NOTE_WIDTH and space > 0 else NOTE_WIDTH
        lines.append(text[:end])
        text = text[end:]
    return tuple(lines)


def _outcome_words(kind: Kind, activity: Activity) -> str:
    """The outcome as written, else its label; `other` alone says nothing."""
    outcome = kind.outcome(activity.outcome)
    return activity.outcome_words or (outcome.label if outcome and outcome.id != OTHER else "")


def _contact(activity: Activity, reached: bool | None) -> str:
    """Who was contacted and how; an attempt where the outcome says that nobody was reached."""
    method = activity.method
    how = f" {_BY_METHOD[method]}" if method in _BY_METHOD else f" ({method})" if method else ""
    whom = activity.contacted
    if not whom and not how:
        return ""
    if reached is False:
        return f"An attempt was made to reach {whom}{how}." if whom else f"Contact was attempted{how}."
    return f"{whom[0].upper()}{whom[1:]} was contacted{how}." if whom else f"Contact was{how}."


def _after(name: str, words: str) -> str:
    """`Outcome: booked 10/28.`"""
    return _closed(f"{name} {words}") if words else ""


def _quoted(name: str, words: str) -> str:
    """`The note reads: “sent records and pano”.` A quotation that closes itself gets no second full stop."""
    if not words:
        return ""
    return f"{name} “{words}”" + ("" if words.endswith(_ENDS) else ".")


def _closed(text: str) -> str:
    """A text with a full stop, unless it has an end of its own."""
    return text if text.endswith(_ENDS) else f"{text}."


def _balanced(text: str) -> bool:
    """Whether every quotation and parenthesis is closed."""
    return text.count("“") == text.count("”") and text.count("(") == text.count(")")
