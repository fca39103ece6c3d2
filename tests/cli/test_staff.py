"""`casemgr staff` as processes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support import Cli


def test_staff_are_added_listed_shown_and_edited(practice: Cli) -> None:
    added = practice("staff", "add", "BOkafor", "Bisi Okafor", "--credential", "CDHC", "--npi", "1234567893")
    assert added.stdout == "Added Bisi Okafor, CDHC (bokafor)\n"
    rows = json.loads(practice("staff", "list", "--json").stdout)
    assert [row["login"] for row in rows] == ["bokafor", "mrivera", "tchen"]
    assert rows[0] == {
        "login": "bokafor",
        "name": "Bisi Okafor",
        "credential": "CDHC",
        "role": "case manager",
        "access": "case manager",
        "npi": "1234567893",
        "active_from": "",
        "active_to": "",
        "active": True,
    }
    practice("staff", "edit", "bokafor", "--role", "outreach", "--credential", "")
    shown = json.loads(practice("staff", "show", "bokafor", "--json").stdout)
    assert (shown["role"], shown["credential"], shown["minutes"]) == ("outreach", "", 0)


def test_without_a_login_show_is_about_who_acts(practice: Cli) -> None:
    assert json.loads(practice("staff", "show", "--json").stdout)["login"] == "mrivera"
    assert json.loads(practice.acting("tchen")("staff", "show", "--json").stdout)["login"] == "tchen"
    practice.acting("tchen")("log", "25m referral #1030: OS => booked")
    assert "25 min in 1 activity" in practice("staff", "show", "tchen").stdout


def test_whoever_leaves_is_not_listed_and_what_is_theirs_is_said(practice: Cli) -> None:
    practice("follow-up", "add", "tomorrow", "confirm ride", "--for", "tchen")
    left = practice("staff", "edit", "tchen", "--left", "2026-01-31")
    assert left.stdout == "Changed Tam Chen, RDH (tchen)\n"
    assert "1 follow-up is still theirs" in left.stderr
    assert [row["login"] for row in json.loads(practice("staff", "list", "--json").stdout)] == ["mrivera"]
    everybody = json.loads(practice("staff", "list", "--all", "--json").stdout)
    assert [(row["login"], row["active"]) for row in everybody] == [("mrivera", True), ("tchen", False)]
    practice("staff", "edit", "tchen", "--left", "")
    assert "Tam Chen" in practice("staff", "list").stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "bisi okafor", "Bisi Okafor"), 3, "cannot be a login"),
        (("add", "tchen", "Terry Chen"), 3, "The login tchen is Tam Chen's"),
        (("add", "bokafor"), 2, "Missing argument"),
        (("edit", "tchen", "--npi", "12"), 3, "is no NPI"),
        (("edit", "tchen", "--left", "13/45/2026"), 3, "there is no month 13"),
        (("edit", "nobody", "--name", "Nobody"), 4, "There is nobody with the login"),
        (("show", "nobody"), 4, "mrivera"),
    ],
)
def test_what_is_refused_says_why(practice: Cli, words: tuple[str, ...], code: int, said: str) -> None:
    refused = practice("staff", *words, code=code)
    assert said in refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize(
    "words", [("staff",), *(("staff", verb) for verb in ("add", "list", "show", "edit", "roles"))]
)
def test_help_has_examples_first(run_cli: Cli, words: tuple[str, ...]) -> None:
    told = run_cli(*words, "--help").stdout
    assert "Examples:\n" in told
    assert f"casemgr {' '.join(words)}" in told


def test_the_table_of_roles_needs_no_practice(run_cli: Cli) -> None:
    rows = {row["name"]: row["roles"] for row in json.loads(run_cli("staff", "roles", "--json").stdout)}
    assert rows["close a month"] == ["biller", "supervisor", "owner"]
    line = next(
        line for line in run_cli("staff", "roles").stdout.splitlines() if line.startswith("reopen a month")
    )
    assert line.count("✓") == 2


def test_what_a_role_does_not_have_is_refused_and_recorded(practice: Cli) -> None:
    practice("staff", "edit", "tchen", "--access", "biller")
    assert json.loads(practice("staff", "show", "tchen", "--json").stdout)["access"] == "biller"
    refused = practice.acting("tchen")("log", "25m referral #1030: OS => booked", code=5)
    assert refused.stdout == ""
    assert "Only a case manager, a supervisor or the owner may log work" in refused.stderr
    assert "You act as Tam Chen, biller. Nothing was changed." in refused.stderr
    (last,) = json.loads(practice("ledger", "list", "--limit", "1", "--json").stdout)
    assert (last["action"], last["entity"], last["staff"]) == ("refuse", "access", "tchen")
