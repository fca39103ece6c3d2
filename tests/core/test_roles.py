"""The table of who may do what: whole, without overlap, and the same in the README."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from casemgr.core.claim_life import MOVES
from casemgr.core.entities import ENTITIES
from casemgr.core.ledger import OWN_ACTIONS
from casemgr.core.roles import (
    OWNER,
    PERMISSIONS,
    ROLES,
    UNKNOWN,
    permission_for,
    role_for,
    who,
)
from tests.roles import PAGE, with_table
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.records import AccessRole


def written_out() -> Iterator[tuple[str, str]]:
    """Every action and entity that a service appends by name."""
    for path in (ROOT / "casemgr").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="append"),
                    args=[ast.Constant(value=str(action)), ast.Constant(value=str(entity)), *_],
                ):
                    yield action, entity


def test_every_deed_of_the_services_is_covered() -> None:
    deeds = set(written_out())
    assert len(deeds) > 40
    deeds |= {(verb, "claim") for verb in MOVES}
    deeds |= {(action, entity) for entity, actions in OWN_ACTIONS.items() for action in actions}
    missing = [deed for deed in sorted(deeds) if permission_for(*deed) is UNKNOWN]
    assert not missing


def test_no_deed_is_covered_twice() -> None:
    covered = Counter(
        (action, entity, one.of_others)
        for one in PERMISSIONS
        for entity, actions in one.covers.items()
        for action in actions
    )
    assert [deed for deed, times in covered.items() if times > 1] == []
    assert {entity for _, entity, _ in covered} == set(ENTITIES)
    assert len({one.name for one in PERMISSIONS}) == len(PERMISSIONS)


def test_who_leads_may_all_that_others_may() -> None:
    for one in PERMISSIONS:
        assert list(one.roles) == [role for role in ROLES if role in one.roles]
        assert one.roles[-1] == "owner"
        assert "supervisor" in one.roles or one.roles == OWNER


def test_what_nobody_thought_of_is_the_owners() -> None:
    assert permission_for("shred", "claim") is UNKNOWN
    assert UNKNOWN.roles == ("owner",)


def test_undo_and_redo_are_everybodys() -> None:
    assert permission_for("undo", "month") is permission_for("redo", "staff") is None


def test_what_somebody_else_logged_is_another_matter() -> None:
    own, others = (permission_for("amend", "activity", of_others=each) for each in (False, True))
    assert own is not None and "case manager" in own.roles
    assert others is not None and "case manager" not in others.roles
    assert permission_for("log", "activity", of_others=True) is permission_for("log", "activity")


@pytest.mark.parametrize(
    ("action", "entity", "role", "least"),
    [
        ("close", "month", "case manager", "supervisor"),
        ("log", "activity", "biller", "supervisor"),
        ("reopen", "month", "biller", "supervisor"),
        ("edit", "practice", "supervisor", "owner"),
    ],
)
def test_the_role_to_ask_for_takes_nothing_away(
    action: str, entity: str, role: AccessRole, least: AccessRole
) -> None:
    needed = permission_for(action, entity)
    assert needed is not None
    assert role_for(needed, role) == least


def test_roles_read_as_a_sentence() -> None:
    assert who(("owner",)) == "the owner"
    assert who(("supervisor", "owner")) == "a supervisor or the owner"
    assert who(("biller", "supervisor", "owner")) == "a biller, a supervisor or the owner"


def test_the_readme_has_the_table() -> None:
    text = PAGE.read_text("utf-8")
    assert text == with_table(text), "write it anew with: python -m tests.roles"
