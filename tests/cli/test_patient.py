"""`casemgr patient`, `payer` and `coverage` as processes."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support import Cli


def test_a_patient_is_added_listed_shown_and_edited(practice: Cli) -> None:
    added = practice(
        *("patient", "add", "Ortiz, Luz", "1/5/1990", "--language", "Spanish"),
        *("--payer", "Acme Dental", "--member", "SYN1"),
    )
    assert added.stdout == "Added Ortiz, Luz 1/5/1990 #1033 · Acme Dental · SYN1\n"
    assert added.stderr == ""

    (found,) = json.loads(practice("patient", "list", "ort", "1990", "--json").stdout)
    assert found["name"] == "Ortiz, Luz"
    assert (found["chart_number"], found["birth_date"]) == ("1033", "1990-01-05")

    edited = practice("patient", "edit", "luz", "ortiz", "--phone", "617-555-0199", "--json")
    assert json.loads(edited.stdout)["phone"] == "617-555-0199"

    shown = json.loads(practice("patient", "show", "1033", "--json").stdout)
    assert shown["id"] == found["id"]
    assert (shown["coverage"]["member_id"], shown["coverage"]["payer_name"]) == ("SYN1", "Acme Dental")
    assert (shown["case"], shown["follow_ups"], shown["minutes"], shown["last_activities"]) == (
        None,
        [],
        0,
        [],
    )


def test_the_same_through_flags(practice: Cli) -> None:
    added = practice(
        *("patient", "add", "--last", "Abdi", "--first", "Faduma", "--born", "2001-02-03"),
        *("--chart", "SM-7", "--gender", "F", "--phone", "617-555-0101", "--address", "1 Main St", "--json"),
    )
    patient = json.loads(added.stdout)
    assert patient["coverage"] is None
    assert {name: patient[name] for name in ("name", "chart_number", "gender", "phone", "address")} == {
        "name": "Abdi, Faduma",
        "chart_number": "SM-7",
        "gender": "F",
        "phone": "617-555-0101",
        "address": "1 Main St",
    }


def test_the_page_of_a_patient_reads_well(practice: Cli) -> None:
    practice("case", "open", "1030", "--complaint", "missed visits")
    practice("log", "20m referral #1030: OS consult => booked !tomorrow confirm ride")
    lines = practice("patient", "show", "garcia", "ana", "2012").stdout.splitlines()
    page = {label: rest.strip() for label, _, rest in (line.partition("  ") for line in lines)}
    assert page["Patient"] == "Garcia, Ana 4/9/2012 #1030"
    assert page["Language"] == "Spanish"
    assert page["Coverage"] == "none today"
    assert page["Case"].startswith("open since ")
    assert page["Missing"].startswith("findings that support case management, ")
    assert page["Follow-ups"].endswith("  in 1 day: confirm ride")
    assert any(line.endswith("20 min in 1 activity") for line in lines)
    assert any("Referral coordination" in line and "booked" in line for line in lines)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("show", "garcia", "ana"), 3, "Garcia, Ana 4/9/1985 #1031\n  Garcia, Ana 4/9/2012 #1030"),
        (("show", "garcia", "ana", "2011"), 4, "Garcia, Ana 4/9/2012 #1030"),
        (("show", "zzyzx"), 4, "`casemgr patient list` shows who there is."),
        (("add", "Ortiz Luz", "1/5/1990"), 3, "does not say which is the last name"),
        (("add", "Ortiz, Luz"), 3, "The birth date is missing"),
        (("add", "Ortiz, Luz", "2/30/1990"), 3, "February has no day 30"),
        (("add", "Ortiz, Luz", "1/5"), 3, "is no birth date"),
        (("add", "Ortiz, Luz", "1/5/1990", "--born", "1/5/1990"), 2, "Give the birth date once"),
        (("add", "Ortiz, Luz", "1/5/1990", "--last", "Ortiz"), 2, "Give the name once"),
        (("add", "GARCÍA, Ana", "4/9/2012"), 3, "Garcia, Ana 4/9/2012 #1030"),
        (("add", "Ortiz, Luz", "1/5/1990", "--chart", "1030"), 3, "belongs to another patient"),
        (("add", "Ortiz, Luz", "1/5/1990", "--payer", "Acme"), 3, "member id at Acme is missing"),
        (("edit", "1030"), 3, "says this already"),
        (("edit", "1030", "--born", "4/9"), 3, "is no birth date"),
    ],
)
def test_what_is_refused_says_why_on_standard_error_alone(
    practice: Cli, words: tuple[str, ...], code: int, said: str
) -> None:
    refused = practice("patient", *words, code=code)
    assert said in refused.stderr
    assert refused.stdout == ""
    assert "Traceback" not in refused.stderr
    assert len(json.loads(practice("patient", "list", "--json").stdout)) == 3


def test_a_namesake_is_added_where_it_is_said(practice: Cli) -> None:
    added = practice("patient", "add", "Garcia, Ana", "4/9/2012", "--namesake")
    assert added.stdout == "Added Garcia, Ana 4/9/2012 #1033\n"


def test_lists_go_to_standard_output_and_counts_do_not(practice: Cli) -> None:
    listed = practice("patient", "list")
    assert [line.split()[0] for line in listed.stdout.splitlines()[2:]] == ["1031", "1030", "1032"]
    assert listed.stderr == "3 patients.\n"
    assert json.loads(practice("patient", "list", "nobody", "--json").stdout) == []


def test_payers_are_listed_and_shown_with_their_sources(run_cli: Cli) -> None:
    # Payers are content: they are there before any practice is.
    payers = {payer["id"]: payer for payer in json.loads(run_cli("payer", "list", "--json").stdout)}
    assert "generic" in payers
    assert {"name", "source", "verified_on", "codes", "fees_cents"} <= payers["generic"].keys()
    shown = json.loads(run_cli("payer", "show", "generic", "--json").stdout)
    assert {rule["kind"] for rule in shown["billed"]} >= {"referral", "transport"}
    assert all(isinstance(rule["fee_cents"], int) for rule in shown["billed"])
    page = run_cli("payer", "show", payers["generic"]["name"]).stdout
    assert "Verified" in page
    assert "Transport assistance" in page
    unknown = run_cli("payer", "show", "nobody's", "plan", code=4)
    assert "  generic\n" in unknown.stderr


def test_coverage_is_added_listed_and_ended(practice: Cli) -> None:
    added = practice(
        *("coverage", "add", "garcia", "ana", "2012", "--payer", "Acme", "--member", "SYN1"),
        *("--from", "2026-01-01", "--json"),
    )
    coverage = json.loads(added.stdout)
    assert (coverage["payer"], coverage["valid_from"], coverage["valid_to"]) == ("acme", "2026-01-01", "")
    again = practice("coverage", "add", "1030", "--payer", "Acme", "--member", "SYN2", code=3)
    assert f"casemgr coverage edit {coverage['id'][-6:]} --to" in again.stderr

    ended = practice("coverage", "edit", coverage["id"][-6:], "--to", "1/31/2026", "--reason", "moved")
    assert ended.stdout.endswith("Garcia, Ana 4/9/2012 #1030 · Acme · SYN1 · from 1/1/2026 to 1/31/2026\n")
    practice("coverage", "add", "1030", "--payer", "Acme", "--member", "SYN2", "--from", "2/1/2026")
    rows = json.loads(practice("coverage", "list", "--patient", "1030", "--json").stdout)
    assert [(row["member_id"], row["valid_to"]) for row in rows] == [("SYN1", "2026-01-31"), ("SYN2", "")]
    assert rows[0]["in_force"] is False
    assert "SYN2" in practice("coverage", "list").stdout


@pytest.mark.parametrize(
    "words",
    [
        *(("patient", verb) for verb in ("add", "list", "show", "edit")),
        *(("payer", verb) for verb in ("list", "show")),
        *(("coverage", verb) for verb in ("add", "list", "edit")),
        ("patient",),
        ("payer",),
        ("coverage",),
    ],
)
def test_help_has_examples_first(run_cli: Cli, words: tuple[str, ...]) -> None:
    told = run_cli(*words, "--help").stdout
    assert "Examples:\n" in told
    assert f"casemgr {' '.join(words)}" in told


def test_desks_that_add_at_once_share_no_number_and_no_person(practice: Cli) -> None:
    names = ["Ortiz, Luz", "Ortiz, Luz", "Ortiz, Luz", "Abdi, Faduma", "Nguyen, An", "Smith, Robert"]
    started = [
        subprocess.Popen(
            practice.command("patient", "add", name, "1/5/1991"),
            env=practice.environ(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for name in names
    ]
    for process in started:
        process.communicate(timeout=300)
    assert sorted(process.returncode for process in started) == [0, 0, 0, 0, 3, 3]
    patients = json.loads(practice("patient", "list", "--json").stdout)
    assert sorted(patient["chart_number"] for patient in patients) == [str(n) for n in range(1030, 1037)]
    assert len({patient["name"] for patient in patients} - {"Garcia, Ana"}) == 5
