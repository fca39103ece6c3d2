"""Who may do what: one table, by which every entry of the ledger is let through or refused.

Each has what the work asks for and no more (minimum necessary, 45 CFR 164.502(b) and 164.308(a)(4)): who
bills does not change what was done, and who did it does not book the money.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casemgr.core.records import AccessRole

ROLES: tuple[AccessRole, ...] = ("case manager", "biller", "supervisor", "owner")
"""Each of the last two may do all that those before it may."""

EVERYBODY = ROLES
WHO_WORKS: tuple[AccessRole, ...] = ("case manager", "supervisor", "owner")
WHO_BILLS: tuple[AccessRole, ...] = ("biller", "supervisor", "owner")
WHO_LEADS: tuple[AccessRole, ...] = ("supervisor", "owner")
OWNER: tuple[AccessRole, ...] = ("owner",)

ALWAYS = frozenset({"undo", "redo"})
"""Actions that only take back, or do again, what the same person was let do."""


class Permission(NamedTuple):
    """One thing that some may do."""

    name: str
    """After `may`, in a refusal and in the ledger: `close a month`."""
    more: str
    """What belongs to it, in a few words."""
    roles: tuple[AccessRole, ...]
    covers: Mapping[str, frozenset[str]]
    """The ledger's actions, by entity."""
    of_others: bool = False
    """Whether it is only about what somebody else did, or had entered."""


def _permission(
    name: str, more: str, roles: tuple[AccessRole, ...], covers: Mapping[str, str], of_others: bool = False
) -> Permission:
    """One row of the table; actions are parted by commas."""
    by_entity = {entity: frozenset(actions.split(", ")) for entity, actions in covers.items()}
    return Permission(name, more, roles, by_entity, of_others)


PERMISSIONS: tuple[Permission, ...] = (
    _permission(
        "log work",
        "timers; amending, voiding and signing one's own; importing a log",
        WHO_WORKS,
        {
            "activity": "log, amend, void, sign, import",
            "timer": "start, pause, resume, edit, stop, discard",
        },
    ),
    _permission(
        "change what somebody else logged",
        "amending, voiding and signing it",
        WHO_LEADS,
        {"activity": "amend, void, sign"},
        of_others=True,
    ),
    _permission(
        "keep cases", "opening, completing and closing them", WHO_WORKS, {"case": "open, edit, close"}
    ),
    _permission(
        "keep follow-ups",
        "adding, finishing, putting off and handing over",
        EVERYBODY,
        {"follow_up": "add, done, reopen, assign, snooze"},
    ),
    _permission(
        "keep patients",
        "particulars and coverage; importing a list",
        EVERYBODY,
        {"patient": "add, edit", "coverage": "add, edit"},
    ),
    _permission(
        "keep benefits and attachments",
        "what a payer said, authorizations, files",
        EVERYBODY,
        {"verification": "verify, void", "authorization": "add, edit, void", "attachment": "attach, void"},
    ),
    _permission(
        "prepare claims",
        "drafting, making ready, sending, correcting, appealing, voiding",
        EVERYBODY,
        {"claim": "draft, edit, next, follow, ready, submit, correct, appeal, void"},
    ),
    _permission(
        "book payments",
        "payers' answers, by hand or from a file, and patients' payments; taking them back",
        WHO_BILLS,
        {
            "claim": "accept, pay, deny, reverse, take back",
            "remittance": "add, import, void",
            "patient_payment": "add, void",
        },
    ),
    _permission(
        "end claims", "closing, writing off, reopening", WHO_BILLS, {"claim": "close, write off, reopen"}
    ),
    _permission(
        "close a month", "locking it for everybody", WHO_BILLS, {"month": "close", "activity": "move"}
    ),
    _permission("reopen a month", "", WHO_LEADS, {"month": "reopen"}),
    _permission("import files", "each only of what they may enter by hand", EVERYBODY, {"import": "import"}),
    _permission(
        "export and print",
        "workbooks, claims, packets; whether they may leave in the clear",
        EVERYBODY,
        {"disclosure": "export, print", "access": "clear"},
    ),
    _permission("make a backup", "and trying it out in a drill", EVERYBODY, {"disclosure": "backup, drill"}),
    _permission("restore a backup", "in the place of the present data", WHO_LEADS, {"disclosure": "restore"}),
    _permission("keep the list of staff", "by hand or from a file", WHO_LEADS, {"staff": "add, edit"}),
    _permission("say who may do what", "giving one of these four roles", OWNER, {"staff": "access"}),
    _permission(
        "let people in and out",
        "inviting, taking a passphrase away, the recovery key, a new key of the data",
        OWNER,
        {"access": "invite, leave, rekey, recover"},
    ),
    _permission(
        "unlock the data",
        "changing one's own passphrase",
        EVERYBODY,
        {"access": "unlock, fail, refuse, passphrase"},
    ),
    _permission(
        "change the practice's particulars", "its owner among them", OWNER, {"practice": "add, edit"}
    ),
)
"""Every action of the ledger stands in one row, but for undo and redo: everybody may undo their own deeds,
and redo what they still may do."""

UNKNOWN = _permission("do this", "", OWNER, {})
"""What the table does not cover."""


def _by_action(of_others: bool) -> dict[tuple[str, str], Permission]:
    return {
        (action, entity): one
        for one in PERMISSIONS
        if one.of_others == of_others
        for entity, actions in one.covers.items()
        for action in actions
    }


_OWN, _OTHERS = _by_action(False), _by_action(True)


def permission_for(action: str, entity: str, *, of_others: bool = False) -> Permission | None:
    """What somebody must be let do, to do an action to a record; None for what anybody may.

    Args:
        action: of the ledger, such as `close`.
        entity: of the ledger, such as `month`.
        of_others: whether the record is of somebody else's work.
    """
    if action in ALWAYS:
        return None
    pair = action, entity
    return (_OTHERS.get(pair) if of_others else None) or _OWN.get(pair, UNKNOWN)


def role_for(permission: Permission, role: AccessRole) -> AccessRole:
    """The least role that may do it, and everything that another role may."""
    now = {one.name for one in PERMISSIONS if role in one.roles}
    wider = (
        each for each in permission.roles if now <= {one.name for one in PERMISSIONS if each in one.roles}
    )
    return next(wider, "owner")


def who(roles: tuple[AccessRole, ...]) -> str:
    """Roles as a sentence has them: `a biller, a supervisor or the owner`."""
    named = [f"{'the' if role == 'owner' else 'a'} {role}" for role in roles]
    return " or ".join(filter(None, (", ".join(named[:-1]), named[-1])))
