"""Kinds of activity: every declared file, and how people's words find them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.core.codes import Codes
from casemgr.core.holes import COMMON_HOLES, fill_holes, has_holes, hole_names
from casemgr.core.kinds import Kind, Kinds
from casemgr.core.template import parse_template
from casemgr.errors import ContentBroken
from casemgr.resources import load_toml_folder

KINDS = Kinds.load(load_toml_folder("schema/activities", None))
CODES = Codes.load(load_toml_folder("schema/codes", None))
DAY = date(2026, 10, 21)

OWN_KIND = """
kind = "insurance_help"
title = "Insurance help"
aliases = ["insurance", "mass health form", "eligibility"]
code = "D9993"
nomenclature = "D9991"
sentence = "helping with {what}[ for {plan}]"

[[field]]
name = "what"
label = "What"
unstated = "insurance"

[[field]]
name = "plan"
label = "Plan"
required = true

[[outcome]]
id = "submitted"
label = "Application submitted"
words = ["sent in", "filed"]
contact = true

[[outcome]]
id = "other"
label = "Other"
"""


def kind(**changes: Any) -> dict[str, Any]:
    """A small sound kind, as TOML gives it, with changes."""
    sound: dict[str, Any] = {
        "kind": "zoo",
        "title": "Zoo visit",
        "code": "D9993",
        "nomenclature": "D9993",
        "sentence": "visiting the zoo[ in {town}]",
        "field": [{"name": "town", "label": "Town"}],
        "outcome": [{"id": "other", "label": "Other"}],
    }
    return sound | changes


def load(*raw: dict[str, Any]) -> Kinds:
    return Kinds.load([(Path(f"{one.get('kind', 'zoo')}.toml"), one) for one in raw])


# Every file


def test_the_five_kinds_are_there() -> None:
    assert KINDS.ids == ("education", "interpreter", "missed_visit", "referral", "transport")


@pytest.mark.parametrize("declared", list(KINDS), ids=KINDS.ids)
def test_each_file_is_complete(declared: Kind) -> None:
    names = {field.name for field in declared.fields}
    assert set(declared.template.names) <= names
    assert all(field.label for field in declared.fields)
    assert declared.outcome("other")
    assert declared.why
    for code in (declared.code, declared.nomenclature):
        assert CODES.find(code), code
    assert {outcome.contact for outcome in declared.outcomes} == {True, False, None}
    assert [o.id for o in declared.outcomes if o.contact is None] == ["other"]


@pytest.mark.parametrize("declared", list(KINDS), ids=KINDS.ids)
def test_each_phrase_finds_the_outcome_that_declares_it(declared: Kind) -> None:
    for outcome in declared.outcomes:
        for phrase in (outcome.id, outcome.label, *outcome.words):
            assert declared.match_outcome(phrase) == outcome, phrase


@pytest.mark.parametrize("declared", list(KINDS), ids=KINDS.ids)
def test_each_alias_finds_its_kind(declared: Kind) -> None:
    for alias in (declared.kind, declared.title, *declared.aliases):
        for written in (alias, alias.upper(), f" {alias}s ", f"{alias} - phone"):
            assert KINDS.find(written) == declared, written


@pytest.mark.parametrize("declared", list(KINDS), ids=KINDS.ids)
def test_each_kind_has_notes_to_begin_from(declared: Kind) -> None:
    assert 2 <= len(declared.note_templates) <= 4
    common = dict.fromkeys(COMMON_HOLES, "said")
    for template in declared.note_templates:
        assert declared.note_template(f"  {template.name.upper()}! ") == template
        assert template.holes == hole_names(template.text)
        assert set(template.holes) & {*common, *(field.name for field in declared.fields)}, template.name
        assert len(declared.holes_to_type(template)) <= 3
        known = common | {field.name: "said" for field in declared.fields}
        left = fill_holes(template.text, known)
        assert hole_names(left) == declared.holes_to_type(template)
        whole = fill_holes(left, dict.fromkeys(hole_names(left), "typed"))
        assert not has_holes(whole)
        assert whole[0].isupper() or whole.startswith("said")
        assert "  " not in whole


NAMED_FIELDS = {
    "referral": "specialty provider reason appointment loop_status",
    "transport": "vendor trip_number pick_up both_ways confirmed vehicle visit_date",
    "interpreter": "language modality agency certified confirmed visit_date",
    "missed_visit": "missed_date attempt_number channel result new_date",
    "education": "topics method teach_back materials materials_language",
}


@pytest.mark.parametrize("declared", list(KINDS), ids=KINDS.ids)
def test_each_kind_has_the_fields_that_matter_to_it(declared: Kind) -> None:
    assert [field.name for field in declared.fields] == NAMED_FIELDS[declared.kind].split()


def test_the_files_say_which_attempts_are_counted_and_for_what_date() -> None:
    assert {declared.kind: declared.ladder for declared in KINDS if declared.ladder} == {
        "missed_visit": "missed_date"
    }


def test_the_files_say_what_asks_patients_back_and_what_means_that_a_visit_has_a_date() -> None:
    assert [declared.kind for declared in KINDS if declared.outreach] == ["missed_visit"]
    assert {(declared.kind, o.id) for declared in KINDS for o in declared.outcomes if o.booked} == {
        ("missed_visit", "rebooked"),
        ("referral", "consult_booked"),
        ("transport", "visit_rescheduled"),
    }


# What practices write


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *[
            (text, "referral")
            for text in ("Referral ", "ref", "REFERRAL coord.", "Ref - OS", "referrals", "Refs")
        ],
        *[
            (text, "transport")
            for text in ("Ride", "NEMT ride", "Trnsport", "transportation", "Transport", "Taxis")
        ],
        *[
            (text, "interpreter")
            for text in ("INTERPRETER - phone", "Interp (Spanish)", "interp", "Interpreters")
        ],
        *[
            (text, "missed_visit")
            for text in (
                "Missed appt outreach",
                "NS call",
                "no show f/u",
                "no-show outreach",
                "No-Shows",
                "Missed visit",
            )
        ],
        *[(text, "education") for text in ("education - diet/caries", "OHI", "Oral care instr", "Education")],
    ],
)
def test_the_words_of_a_practices_log_find_the_kind(written: str, meant: str) -> None:
    found = KINDS.find(written)
    assert found is not None
    assert found.kind == meant


@pytest.mark.parametrize(
    "written",
    ["", "  ", "Break", "Lunch", "Staff meeting", "Start Shift", "Type", "PRIVATE", "refund", "rider"],
)
def test_other_words_find_none(written: str) -> None:
    assert KINDS.find(written) is None


def test_the_longest_alias_wins() -> None:
    kinds = load(kind(aliases=["sea"]), kind(kind="lion", title="Lion", aliases=["sea lion"]))
    assert [kinds.find(text).kind for text in ("sea", "Sea lion pool", "sea view")] == ["zoo", "lion", "zoo"]  # type: ignore[union-attr]


def test_the_nearest_kinds_are_offered() -> None:
    assert KINDS.nearest("referrl")[0] == "referral"
    assert KINDS.nearest("shuttel")[0] == "transport"
    assert KINDS.nearest("qqqq") == list(KINDS.ids)


@pytest.mark.parametrize(
    ("kind_id", "written", "meant"),
    [
        ("referral", "Consult booked 10/8/26", "consult_booked"),
        ("referral", "Referral packet faxed, awaiting appt", "packet_sent"),
        ("referral", "Specialist office will call back", "office_will_call"),
        ("referral", "Pt declined referral", "declined"),
        ("referral", "oral surgery booked 10/28", "consult_booked"),
        ("referral", "not booked", "other"),
        ("referral", "Not yet been scheduled", "other"),
        ("referral", "office wouldn't call; left message", "voicemail"),
        ("referral", "no openings, left voicemail", "other"),
        ("referral", "endo is booked out till May", "no_appointment"),
        ("transport", "Ride confirmed for 9/20/26", "ride_confirmed"),
        ("transport", "Pt confirmed pick up", "pickup_confirmed"),
        ("transport", "Bus pass mailed", "pass_provided"),
        ("transport", "No vehicle available, rescheduled", "no_vehicle"),
        ("transport", "vendor did not confirm", "other"),
        ("transport", "never confirmed", "other"),
        ("interpreter", "Interpreter booked for 9/11/26", "booked"),
        ("interpreter", "Agency has no one for that day", "none_available"),
        ("interpreter", "Family member asked to help, declined by policy", "family_not_used"),
        ("missed_visit", "Left voicemail", "voicemail"),
        ("missed_visit", "Reached pt, rebooked 9/23/26", "rebooked"),
        ("missed_visit", "Spoke with grandma; pt rebooked for Tuesday", "rebooked"),
        ("missed_visit", "Number disconnected, letter sent", "letter_sent"),
        ("missed_visit", "Mom will call back", "will_call_back"),
        ("missed_visit", "REACHED", "reached"),
        ("missed_visit", "unable to reach", "no_answer"),
        ("education", "Pt repeated back brushing plan", "teach_back"),
        ("education", "Caregiver understood fluoride varnish plan", "understood"),
        ("education", "Handout given in Spanish", "materials_given"),
        ("education", "didn't understand", "needs_review"),
        ("education", "", "other"),
        ("education", "something else", "other"),
    ],
)
def test_outcome_words_find_the_outcome(kind_id: str, written: str, meant: str) -> None:
    assert KINDS.match_outcome(kind_id, written) == meant


def test_an_outcome_is_found_by_id_and_by_label() -> None:
    referral = KINDS.kept("referral")
    assert referral.match_outcome("packet_sent").id == "packet_sent"
    assert referral.match_outcome("Seen by the specialist").id == "seen"
    assert referral.match_outcome("Other").id == "other"


def test_equally_long_phrases_of_two_outcomes_give_other() -> None:
    assert KINDS.match_outcome("referral", "booked, then declined") == "other"
    assert KINDS.match_outcome("referral", "booked and scheduled") == "consult_booked"


@given(st.text(max_size=80))
def test_any_text_finds_some_outcome_and_at_most_one_kind(text: str) -> None:
    KINDS.find(text)
    for declared in KINDS:
        assert declared.match_outcome(text) in declared.outcomes


# The kinds' own fields


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sentense": "x"}, 'unknown key "sentense"; did you mean "sentence"?'),
        (
            {"field": [{"name": "town", "lable": "Town"}]},
            'unknown key "lable" in field 1; did you mean "label"?',
        ),
        ({"field": [{"name": "town"}]}, "label of field 1 is missing"),
        ({"sentence": "in {tonw}"}, 'sentence: no field "tonw"; did you mean "town"?'),
        ({"sentence": "in {town}"}, '"town" must stand in brackets, or its field needs the key "unstated"'),
        ({"sentence": "in [{town}"}, "brackets or braces do not match"),
        ({"sentence": "in {town]"}, "brackets or braces do not match"),
        ({"outcome": [{"id": "gone", "label": "Gone"}]}, 'there is no outcome "other"'),
        ({"outcome": [{"id": "other", "label": "Other"}] * 2}, 'outcome "other" is declared twice'),
        ({"field": [{"name": "town", "label": "Town"}] * 2}, 'field "town" is declared twice'),
        (
            {"field": [{"name": "town", "label": "Town", "type": "choice"}]},
            "choices belong to the type choice",
        ),
        (
            {"field": [{"name": "town", "label": "Town", "yes": "there"}]},
            "yes and no belong to the type yes_no",
        ),
        (
            {"template": [{"name": "Trip", "test": "x"}]},
            'unknown key "test" in template 1; did you mean "text"?',
        ),
        ({"template": [{"name": "Trip"}]}, "text of template 1 is missing"),
        (
            {"template": [{"name": "Trip", "text": "Went to {Town} today"}]},
            'template "Trip": near "Went to {Town} today" a brace belongs to no hole such as {contacted}',
        ),
        ({"template": [{"name": "Trip", "text": "to {town"}]}, 'near "to {town" a brace'),
        ({"template": [{"name": "?", "text": "x"}]}, 'the template "?" has a name without letters or digits'),
        (
            {"template": [{"name": "Trip", "text": "x"}, {"name": "trip!", "text": "y"}]},
            'template "trip" is declared twice',
        ),
        (
            {"field": [{"name": "missed", "label": "Missed", "type": "date"}], "ladder": "mised"},
            'ladder: no field "mised"; did you mean "missed"?',
        ),
        (
            {"field": [{"name": "town", "label": "Town"}], "ladder": "town"},
            'ladder: the field "town" holds no date',
        ),
        ({"aliases": ["--"]}, '"--" has no letters or digits'),
        ({"code": "9993"}, "code: String should match pattern"),
        ({"kind": "zoo", "title": ""}, "title: String should have at least 1 character"),
    ],
)
def test_a_broken_declaration_is_refused_with_its_place(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ContentBroken) as caught:
        load(kind(**changes))
    assert "zoo.toml: " in caught.value.detail
    assert told in caught.value.detail


def test_an_alias_belongs_to_one_kind() -> None:
    with pytest.raises(ContentBroken, match="content file") as caught:
        load(kind(aliases=["lions"]), kind(kind="lion", title="Lion", aliases=["Lions!"]))
    assert caught.value.detail == 'lion.toml: the alias "Lions!" belongs to the kind "zoo" already'


def test_a_file_is_named_after_its_kind() -> None:
    with pytest.raises(ContentBroken) as caught:
        Kinds.load([(Path("aquarium.toml"), kind())])
    assert "belongs in a file zoo.toml" in caught.value.detail


def test_a_practice_adds_a_kind_without_python(tmp_path: Path) -> None:
    (tmp_path / "insurance_help.toml").write_text(OWN_KIND, "utf-8")
    kinds = Kinds.load(load_toml_folder("schema/activities", tmp_path))
    own = kinds.find("Insurance - MassHealth")
    assert own is not None
    assert own.kind == "insurance_help"
    assert len(kinds) == len(KINDS) + 1
    assert own.match_outcome("form filed online").id == "submitted"
    assert own.doing({}) == "helping with insurance"
    assert own.doing({"what": "a renewal", "plan": "Sunrise"}) == "helping with a renewal for Sunrise"
    assert [problem.message for problem in own.missing_fields({})] == ["Plan is not stated."]


def test_a_kind_whose_file_is_gone_still_has_a_name() -> None:
    gone = KINDS.kept("insurance_help")
    assert KINDS.get("insurance_help") is None
    assert gone.title == "Insurance help"
    assert gone.doing({"plan": "Sunrise"}) == "on insurance help"
    assert gone.match_outcome("filed").id == "other"


# Templates


def test_a_bracketed_part_vanishes_when_a_field_in_it_is_empty() -> None:
    template = parse_template("riding[ with {vendor}][, trip {trip} at {time}]")
    assert template.names == ("vendor", "trip", "time")
    assert template.needed == ()
    assert template.fill({"vendor": "Metro", "trip": "7"}) == "riding with Metro"
    assert template.fill({"trip": "7", "time": "9:00 AM"}) == "riding, trip 7 at 9:00 AM"


def test_what_people_wrote_is_never_a_template_again() -> None:
    assert (
        parse_template("by {who}[ and {what}]").fill({"who": "{what}[x]", "what": "y"})
        == "by {what}[x] and y"
    )
