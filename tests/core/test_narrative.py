"""Sentences from records: whole English, nothing added, people's words verbatim."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casemgr.core.kinds import Kind, Kinds
from casemgr.core.methods import METHODS
from casemgr.core.narrative import (
    NOTE_LINES,
    NOTE_WIDTH,
    REMARKS_LIMIT,
    Told,
    narrative,
    note_lines,
    remark,
    remarks_text,
    sentence,
)
from casemgr.core.records import Activity
from casemgr.core.text import tidy
from casemgr.resources import load_toml_folder

KINDS = Kinds.load(load_toml_folder("schema/activities", None))
GOLDEN = Path(__file__).parents[1] / "golden" / "sentences.txt"

STATED: dict[str, dict[str, str]] = {
    "education": {
        "topics": "brushing and snacking",
        "method": "demonstration",
        "teach_back": "yes",
        "materials": "a brushing chart",
        "materials_language": "Spanish",
    },
    "interpreter": {
        "language": "American Sign Language",
        "modality": "video",
        "agency": "Bay State Interpreters",
        "certified": "yes",
        "confirmed": "no",
        "visit_date": "2026-10-28",
    },
    "missed_visit": {
        "missed_date": "2026-10-12",
        "attempt_number": "2",
        "channel": "text",
        "result": "reached",
        "new_date": "2026-10-28",
    },
    "referral": {
        "specialty": "oral_surgery",
        "provider": "Dr. Patel",
        "reason": "extraction of #17",
        "appointment": "2026-10-28",
        "loop_status": "scheduled",
    },
    "transport": {
        "vendor": "MetroRide",
        "trip_number": "4471",
        "pick_up": "08:30",
        "both_ways": "yes",
        "confirmed": "yes",
        "vehicle": "wheelchair_van",
        "visit_date": "2026-10-28",
    },
}


def activity(kind: str = "referral", **changes: object) -> Activity:
    """An activity of 21 October 2026, with changes."""
    plain: dict[str, object] = {
        "id": "a1",
        "patient_id": "p1",
        "kind": kind,
        "staff": "mrivera",
        "service_date": "2026-10-21",
        "minutes": 20,
        "outcome": "other",
        "outcome_words": "",
        "entered_at": 1,
        "entered_by": "mrivera",
    }
    return Activity.model_validate(plain | changes)


def told(kind: Kind, **changes: object) -> str:
    return sentence(kind, activity(kind.kind, **changes), "Marisol Rivera", "CDHC")


def golden(kind: Kind) -> str:
    """The three ways in which a kind's sentence stands in the golden file."""
    first = kind.outcomes[0]
    fully = told(
        kind,
        fields=STATED[kind.kind],
        method="phone",
        contacted="Ana's mother",
        reason="mother works nights",
        note='Called twice, "got it"',
        response="Thanks!",
        outcome=first.id,
        outcome_words=f"{first.label} 10/28",
        next_step="confirm on 10/26",
    )
    unreached = told(
        kind, method="phone", contacted="guardian", outcome="voicemail", outcome_words="Left voicemail"
    )
    return f"== {kind.kind}\n{fully}\n\n{told(kind, minutes=1)}\n\n{unreached}\n"


@pytest.mark.parametrize("kind", list(KINDS), ids=KINDS.ids)
def test_each_kind_has_its_golden_sentences(kind: Kind) -> None:
    assert golden(kind) in GOLDEN.read_text("utf-8")


def test_the_golden_file_holds_nothing_else() -> None:
    assert GOLDEN.read_text("utf-8") == "\n".join(golden(kind) for kind in KINDS)


@pytest.mark.parametrize("kind", list(KINDS), ids=KINDS.ids)
def test_each_field_alone_gives_a_whole_sentence(kind: Kind) -> None:
    assert {field.name for field in kind.fields} == STATED[kind.kind].keys()
    for name, value in STATED[kind.kind].items():
        text = told(kind, fields={name: value})
        assert text.startswith("On 10/21/2026 Marisol Rivera, CDHC, spent 20 minutes ")
        assert not any(mark in text for mark in ("{", "}", "[", "]", "  ", " ,", " .", "..", "()"))


@pytest.mark.parametrize("kind", list(KINDS), ids=KINDS.ids)
def test_each_choice_has_words_for_its_sentence(kind: Kind) -> None:
    for field in kind.fields:
        for choice, label in field.choices.items():
            if f"{{{field.name}}}" in kind.sentence:
                assert label in told(kind, fields={field.name: choice})


def test_the_example_reads_as_a_chart_note() -> None:
    text = told(
        KINDS.kept("referral"),
        fields={"specialty": "oral_surgery", "provider": "Dr. Patel"},
        note="confirmed transport; patient acknowledged instructions",
        method="phone",
        contacted="Ana's mother",
        outcome="consult_booked",
        outcome_words="booked 10/28",
        next_step="confirm ride on 10/26",
    )
    assert text == (
        "On 10/21/2026 Marisol Rivera, CDHC, spent 20 minutes coordinating a referral to oral surgery "
        "(Dr. Patel). Ana's mother was contacted by phone. "
        "The note reads: “confirmed transport; patient acknowledged instructions”. "
        "Outcome: booked 10/28. Next step: confirm ride on 10/26."
    )


def test_without_a_credential_only_the_name_stands() -> None:
    text = sentence(KINDS.kept("transport"), activity("transport"), "Bisi Okafor")
    assert text == "On 10/21/2026 Bisi Okafor spent 20 minutes arranging transport."


def test_one_minute_is_one_minute() -> None:
    assert "spent 1 minute arranging" in told(KINDS.kept("transport"), minutes=1)


@pytest.mark.parametrize(
    ("contacted", "method", "outcome", "said"),
    [
        ("mother", "phone", "rebooked", "Mother was contacted by phone."),
        ("mother", "", "rebooked", "Mother was contacted."),
        ("", "text", "rebooked", "Contact was by text message."),
        ("", "in_person", "rebooked", "Contact was in person."),
        ("mother", "phone", "voicemail", "An attempt was made to reach mother by phone."),
        ("", "phone", "voicemail", "Contact was attempted by phone."),
        ("mother", "WhatsApp", "rebooked", "Mother was contacted (WhatsApp)."),
        ("mother", "phone", "other", "Mother was contacted by phone."),
    ],
)
def test_contact_is_told_and_an_attempt_is_called_one(
    contacted: str, method: str, outcome: str, said: str
) -> None:
    assert said in told(KINDS.kept("missed_visit"), contacted=contacted, method=method, outcome=outcome)


def test_nothing_said_of_contact_is_nothing_told() -> None:
    assert "ontact" not in told(KINDS.kept("missed_visit"), outcome="rebooked", outcome_words="rebooked")


@pytest.mark.parametrize("method", METHODS)
def test_each_contact_method_has_its_words(method: str) -> None:
    assert "(" not in told(KINDS.kept("missed_visit"), method=method)


def test_a_reason_is_not_told_twice() -> None:
    kind = KINDS.kept("referral")
    assert (
        told(kind, reason="Extraction of #17", fields={"reason": "extraction of #17"}).count("xtraction") == 1
    )
    assert "Reason: no car." in told(kind, reason="no car", fields={"reason": "extraction of #17"})


def test_an_outcome_without_words_is_told_by_its_label() -> None:
    assert "Outcome: Consult booked." in told(KINDS.kept("referral"), outcome="consult_booked")


@given(note=st.text(min_size=1).filter(lambda text: bool(tidy(text))), words=st.text(min_size=1))
@example(note='=1+1 {vendor} [x] "quoted"', words="50% {staff}")
def test_what_people_wrote_stands_verbatim(note: str, words: str) -> None:
    text = told(KINDS.kept("transport"), note=note, outcome_words=words)
    assert f"“{note}”" in text
    assert f"Outcome: {words}" in text


def test_a_claims_narrative_goes_by_date_and_start() -> None:
    kind = KINDS.kept("referral")
    days = [("2026-10-21", "09:40"), ("2026-10-05", ""), ("2026-10-21", "")]
    texts = narrative(
        Told(kind, activity(service_date=day, start=start, id=str(at)), f"Staff {at}")
        for at, (day, start) in enumerate(days)
    )
    assert ["Staff 1" in texts[0], "Staff 2" in texts[1], "Staff 0" in texts[2]] == [True] * 3


# Remarks


def test_a_remark_says_the_most_in_few_words() -> None:
    kind = KINDS.kept("referral")
    assert (
        remark(kind, activity(outcome_words="booked 10/28"))
        == "10/21/2026: Referral coordination, 20 min; booked 10/28."
    )


def test_what_fits_is_left_as_it_is() -> None:
    assert remarks_text(["One.", " ", "Two\nlines."]) == "One. Two lines."
    assert remarks_text(["x" * 400]) == "x" * 400


def test_whole_sentences_are_kept_and_more_is_marked() -> None:
    assert remarks_text(["One two. Three four. Five six."], 24) == "One two. Three four. …"
    assert remarks_text(["One two. Three four. Five six."], 20) == "One two. Three four."
    assert remarks_text(["One two. Three four. Five six."], 19) == "One two. …"


def test_neither_a_quotation_nor_a_parenthesis_is_cut() -> None:
    assert remarks_text(["One (Dr. Patel saw it) two. Three."], 28) == "One (Dr. Patel saw it) two."
    assert remarks_text(["Begun. Note: “Yes. No. Perhaps”. End of it."], 24) == "Begun. …"


def test_words_are_whole_where_no_sentence_fits() -> None:
    assert remarks_text(["alpha beta gamma delta"], 13) == "alpha beta …"
    assert remarks_text(["alpha beta gamma delta"], 11) == "alpha beta"
    assert remarks_text(["abcdefghijklmnop"], 5) == "…"


WORDS = st.lists(st.text(alphabet="abc.!?“”() ", min_size=1, max_size=12), max_size=90)


@given(WORDS, st.integers(min_value=1, max_value=60))
def test_a_remark_never_exceeds_its_limit_nor_breaks_a_word(parts: list[str], limit: int) -> None:
    text = remarks_text(parts, limit)
    whole = " ".join(tidy(part) for part in parts if tidy(part))
    assert len(text) <= limit
    kept = text.removesuffix("…").rstrip() if len(whole) > limit else text
    assert whole.startswith(kept)
    assert len(kept) == len(whole) or not kept or whole[len(kept)] == " "


def test_a_months_remarks_fit_the_box() -> None:
    kind = KINDS.kept("referral")
    parts = [
        told(kind, note="Called oral surgery office re #17 ext consult", outcome_words="booked")
        for _ in range(9)
    ]
    text = remarks_text(parts)
    assert 200 < len(text) <= REMARKS_LIMIT
    assert text.endswith(("”. …", "booked. …", ". …"))


@given(st.text(alphabet="ab. ", max_size=REMARKS_LIMIT))
@example("x" * 400)
@example("a " * 200)
@example(f"{'a' * 80} {'b' * 79} {'c' * 80}")
def test_the_lines_of_a_note_lose_no_character_and_fit(text: str) -> None:
    lines = note_lines(text)
    assert "".join(lines) == text
    assert len(lines) <= NOTE_LINES
    assert all(0 < len(line) <= NOTE_WIDTH for line in lines)


@given(st.lists(st.text(alphabet="abc.", min_size=1, max_size=15), max_size=20))
def test_the_lines_of_a_note_end_between_words_where_there_is_room(words: list[str]) -> None:
    lines = note_lines(" ".join(words))
    assert " ".join(line.removeprefix(" ") for line in lines).split() == words
    assert all(line.startswith(" ") for line in lines[1:])


def test_a_note_that_fills_its_lines_is_cut_within_a_word_rather_than_shortened() -> None:
    text = "x" * 79 + " " + ("word " * 64).strip() + "s"
    assert len(text) == 400
    assert [len(line) for line in note_lines(text)] == [80] * 5


def test_a_note_ends_its_lines_before_a_space() -> None:
    assert note_lines("") == ()
    assert note_lines("a" * 80) == ("a" * 80,)
    assert note_lines("a" * 80 + " b") == ("a" * 80, " b")
    assert note_lines("a" * 79 + " bc") == ("a" * 79, " bc")
    with pytest.raises(ValueError, match="401 characters"):
        note_lines("a" * 401)
