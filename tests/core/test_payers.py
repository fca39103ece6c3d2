"""Payers' rules: which code and fee stand for which kind of work, and when."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casemgr.core.codes import Codes
from casemgr.core.content import parse_toml
from casemgr.core.kinds import Kinds
from casemgr.core.payer_rules import Rule
from casemgr.core.payers import Payer, Payers
from casemgr.errors import ContentBroken
from casemgr.resources import load_toml_folder

PAYERS = Payers.load(load_toml_folder("schema/payers", None))
EXAMPLES = Payers.load(load_toml_folder("schema/payers/examples", None))
ALL = (*PAYERS, *EXAMPLES)
KINDS = Kinds.load(load_toml_folder("schema/activities", None))
CODES = Codes.load(load_toml_folder("schema/codes", None))
DAY = date(2026, 10, 21)


def load(**raw: dict[str, Any]) -> Payers:
    return Payers.load([(Path(f"{name}.toml"), content) for name, content in raw.items()], KINDS)


@pytest.mark.parametrize("payer", ALL, ids=[payer.id for payer in ALL])
def test_each_file_names_known_codes_and_kinds_and_its_source(payer: Payer) -> None:
    assert set(payer.codes) <= {"*", *KINDS.ids}
    for code in (*payer.codes.values(), *payer.fees):
        assert CODES.find(code), code
    assert payer.source
    assert payer.notes


@pytest.mark.parametrize("payer", tuple(EXAMPLES), ids=[payer.id for payer in EXAMPLES])
def test_an_example_says_where_each_rule_stands_and_answers_to_no_payers_name(payer: Payer) -> None:
    assert not payer.synthetic
    assert not payer.codes
    for rule in payer.rules:
        assert rule.source
    assert PAYERS.find(payer.name) is None


def test_rules_of_the_emergency_have_expired() -> None:
    for payer_id, last in (
        ("washington-hca-2020", date(2020, 4, 24)),
        ("south-carolina-medicaid", date(2023, 5, 11)),
        ("illinois-hfs-2020", date(2023, 5, 11)),
    ):
        payer = EXAMPLES.get(payer_id)
        assert payer is not None
        (rule,) = payer.rules
        assert rule.valid_to == last
        code = rule.codes[0]
        assert payer.ruled.about(code, last)
        assert payer.ruled.lapsed(code, DAY) == (rule,)


@pytest.mark.parametrize("payer", list(PAYERS), ids=[payer.id for payer in PAYERS])
def test_what_ships_with_fees_says_that_it_is_made_up(payer: Payer) -> None:
    assert payer.synthetic == bool(payer.fees)
    assert not payer.fees or any("made up" in note for note in payer.notes)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Sunrise Medicaid Dental", "sunrise-medicaid-dental"),
        ("SUNRISE  medicaid", "sunrise-medicaid-dental"),
        ("sunrise-medicaid-dental", "sunrise-medicaid-dental"),
        ("Harbor Dental PPO", "harbor-dental-ppo"),
        ("generic", "generic"),
    ],
)
def test_a_payer_is_found_as_people_write_it(written: str, meant: str) -> None:
    payer = PAYERS.find(written)
    assert payer is not None
    assert payer.id == meant


@pytest.mark.parametrize("written", ["", "Sliding fee", "Unheard-of Dental"])
def test_other_names_are_no_payer_with_a_file(written: str) -> None:
    assert PAYERS.find(written) is None


def test_a_payer_without_a_file_goes_by_the_generic_rules() -> None:
    rules = PAYERS.rules_for("Unheard-of Dental")
    assert rules.id == "generic"
    assert {rules.code_for(kind, DAY) for kind in KINDS} == {"D9993"}
    assert rules.fee_cents("D9993", DAY) == 0


def test_without_any_file_each_kind_keeps_its_code() -> None:
    rules = Payers.load([]).rules_for("anyone")
    assert {rules.code_for(kind, DAY) for kind in KINDS} == {"D9993"}


def test_the_pattern_by_the_code_set_agrees_with_the_kinds() -> None:
    rules = PAYERS.rules_for("nomenclature")
    for kind in KINDS:
        assert rules.code_for(kind, DAY) == kind.nomenclature
        assert kind.warning_for(rules.code_for(kind, DAY)) == ""


def test_a_kind_that_is_named_goes_before_all_others() -> None:
    rules = load(acme={"name": "Acme", "codes": {"*": "D9994", "referral": "D9992"}}).rules_for("acme")
    assert rules.code_for(KINDS.kept("referral"), DAY) == "D9992"
    assert rules.code_for(KINDS.kept("transport"), DAY) == "D9994"


def test_rules_hold_between_their_dates_only() -> None:
    content = {
        "name": "Acme",
        "codes": {"*": "D9994"},
        "fees": {"D9994": 1250},
        "valid_from": date(2026, 1, 1),
    }
    rules = load(acme=content | {"valid_to": date(2026, 12, 31)}).rules_for("acme")
    referral = KINDS.kept("referral")
    for day in (date(2026, 1, 1), date(2026, 12, 31)):
        assert (rules.code_for(referral, day), rules.fee_cents("D9994", day)) == ("D9994", 1250)
    for day in (date(2025, 12, 31), date(2027, 1, 1)):
        assert (rules.code_for(referral, day), rules.fee_cents("D9994", day)) == ("D9993", 0)


def test_the_digest_changes_with_the_content_and_only_with_it() -> None:
    def digest(content: dict[str, Any]) -> str:
        return load(acme=content).rules_for("acme").digest

    one = digest({"name": "Acme", "fees": {"D9993": 100, "D9991": 50}, "verified_on": DAY})
    assert one == digest({"verified_on": DAY, "fees": {"D9991": 50, "D9993": 100}, "name": "Acme"})
    assert one != digest({"name": "Acme", "fees": {"D9993": 101, "D9991": 50}, "verified_on": DAY})
    assert len(one) == 64


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"name": "Acme", "fee": {}}, 'unknown key "fee"; did you mean "fees"?'),
        (
            {"name": "Acme", "codes": {"refferal": "D9992"}},
            'codes: there is no kind "refferal"; did you mean "referral"?',
        ),
        ({"name": "Acme", "codes": {"referral": "9992"}}, "referral of codes: String should match pattern"),
        (
            {"name": "Acme", "fees": {"D9993": -1}},
            "D9993 of fees: Input should be greater than or equal to 0",
        ),
        (
            {"name": "Acme", "fees": {"D9993": 10**20}},
            "D9993 of fees: Input should be less than or equal to 9999999999",
        ),
        ({"name": "Acme", "fees": {"D9993": 12.5}}, "D9993 of fees: Input should be a valid integer"),
        ({"name": "Acme", "id": "x"}, 'key "id" is not for the file to set'),
        ({"name": "Acme", "valid_from": DAY, "valid_to": date(2026, 1, 1)}, "valid_to is before valid_from"),
        ({"fees": {}}, "name is missing"),
    ],
)
def test_a_broken_declaration_is_refused_with_its_place(content: dict[str, Any], told: str) -> None:
    with pytest.raises(ContentBroken) as caught:
        load(acme=content)
    assert f"acme.toml: {told}" in caught.value.detail


def test_a_name_belongs_to_one_payer() -> None:
    with pytest.raises(ContentBroken) as caught:
        load(acme={"name": "Acme"}, other={"name": "Other", "aliases": ["ACME"]})
    assert caught.value.detail == 'other.toml: the name "ACME" belongs to the payer "acme" already'


def test_a_practice_adds_and_replaces_payers(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text('name = "Acme Dental"\n[fees]\nD9993 = 4500\n', "utf-8")
    (tmp_path / "generic.toml").write_text('name = "Any"\n[codes]\n"*" = "D9992"\n', "utf-8")
    payers = Payers.load(load_toml_folder("schema/payers", tmp_path), KINDS)
    assert payers.rules_for("acme").fee_cents("D9993", DAY) == 4500
    assert payers.rules_for("nobody").code_for(KINDS.kept("education"), DAY) == "D9992"
    assert len(payers) == len(PAYERS) + 1


def test_the_comments_of_the_generic_file_show_every_key_and_are_themselves_right() -> None:
    """Whoever copies it finds out there what a file may say."""
    text = next(
        path for path, _ in load_toml_folder("schema/payers", None) if path.stem == "generic"
    ).read_text("utf-8")
    block = text[text.index("# valid_from") : text.index("\n\n[[rule]]")]
    toml = "\n".join(line.removeprefix("#").removeprefix(" ") for line in block.splitlines())
    payer = load(whole={"name": "Whole", **parse_toml(toml, "comments")}).rules_for("whole")
    (rule,) = payer.rules
    assert set(Rule.model_fields) - rule.model_fields_set == {"monthly_minutes"}
    elsewhere = {"aliases", "codes", "fees", "synthetic", "notes", "source", "verified_on"}
    assert set(Payer.model_fields) - payer.model_fields_set == elsewhere
