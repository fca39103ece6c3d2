"""Asking whether who acts may do something; what is refused is recorded, and nothing else is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.roles import permission_for, role_for, who
from casemgr.errors import RuleRefused
from casemgr.services.access import record_access
from casemgr.services.refusals import NOTHING_CHANGED
from casemgr.store.reads.house import access_of, house, sitter

if TYPE_CHECKING:
    from casemgr.core.entity import Entity
    from casemgr.core.records import AccessRole
    from casemgr.core.roles import Permission
    from casemgr.services.desk import Desk
    from casemgr.store.database import Store


class Gate:
    """Looks at each entry of a deed before it is appended, and remembers what it refused."""

    def __init__(self, desk: Desk) -> None:
        """Nothing is looked at yet."""
        self._desk = desk
        self._role: AccessRole | None = None
        self._refused: Permission | None = None

    def __call__(self, action: str, entity: str, record: Entity) -> None:
        """Let an entry through.

        Raises:
            RuleRefused: who acts may not do this.
        """
        if self._role is None:
            # Under the lock, since the owner may have changed it while the desk was open.
            self._role = access_of(self._desk.store, self._desk.login)
        of_others = entity == "activity" and not _is_own(record, self._desk.login)
        needed = permission_for(action, entity, of_others=of_others)
        if needed is not None and self._role not in needed.roles:
            self._refused = needed
            raise refusal(self._desk.store, self._desk.login, self._role, needed)

    def record(self) -> None:
        """Record what was refused, once the deed is taken back."""
        if self._refused is not None:
            record_refusal(self._desk, self._refused)


def _is_own(record: Entity, login: str) -> bool:
    """Whether somebody did a piece of work, or entered it."""
    from casemgr.core.records import Activity

    return isinstance(record, Activity) and login in {record.staff, record.entered_by}


def role_of(desk: Desk) -> AccessRole:
    """What who acts may do, as it stands now."""
    return access_of(desk.store, desk.login)


def may(desk: Desk, action: str, entity: str) -> bool:
    """Whether who acts may do an action of the ledger to a record that is nobody else's."""
    needed = permission_for(action, entity)
    return needed is None or role_of(desk) in needed.roles


def need(desk: Desk, action: str, entity: str) -> None:
    """Refuse early what would be refused at its end, and record that; not inside a transaction.

    Raises:
        RuleRefused: who acts may not do this.
    """
    needed = permission_for(action, entity)
    if needed is not None and role_of(desk) not in needed.roles:
        record_refusal(desk, needed)
        refuse(desk.store, desk.login, action, entity)


def refuse(store: Store, login: str, action: str, entity: str) -> None:
    """Refuse what somebody may not, going by a data file that nothing is to be recorded in.

    Raises:
        RuleRefused: they may not do this.
    """
    needed, role = permission_for(action, entity), access_of(store, login)
    if needed is not None and role not in needed.roles:
        raise refusal(store, login, role, needed)


def record_refusal(desk: Desk, missing: Permission) -> None:
    """Record in a transaction of its own that somebody was refused something."""
    record_access(desk, "refuse", desk.login, missing.name)


def refusal(store: Store, login: str, role: AccessRole, missing: Permission) -> RuleRefused:
    """What somebody is told who may not do something."""
    me, owner = sitter(store, login), sitter(store, house(store).owner)
    return RuleRefused(
        f"Only {who(missing.roles)} may {missing.name}",
        f"You act as {me.name if me else login}, {role}. {NOTHING_CHANGED}",
        f"Ask {owner.name if owner else 'the owner'}, who can also let you: "
        f'`casemgr staff edit {login} --access "{role_for(missing, role)}"`. '
        "`casemgr staff roles` says who may do what.",
    )
