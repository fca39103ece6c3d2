"""Errors that reach people, each with what happened, what it means for their data, and what to do.

Exit codes are part of the command line's interface: see EXIT_CODES.
"""

from __future__ import annotations

EXIT_CODES = {
    0: "done",
    1: "an unexpected fault; nothing was half done, and a report says what happened",
    2: "the command line itself was not understood",
    3: "input refused: something was missing, ambiguous or not allowed; nothing was saved",
    4: "not found: no such patient, activity, claim, file or practice",
    5: "the record's rules forbid it: already claimed, voided, signed, changed since, or not ready to go",
    6: "the store could not be opened: wrong or missing key, damaged or newer file, network share",
    7: "nothing could be written: no space, read-only, or open in another program",
    8: "verification failed: ledger or tables do not agree; or `casemgr doctor` found trouble",
    9: "a content file (activity, code, payer, workbook) is broken",
    10: "locked: nobody has unlocked the data, or it was the wrong passphrase; nothing was done",
    130: "stopped by the user; nothing was half done",
    143: "ended by the system; nothing was half done",
}
"""What each exit code of the command line means."""


class CasemgrError(Exception):
    """What people are told when something cannot be done.

    Attributes:
        title: what happened, in a few words.
        detail: the particulars, and what it means for the data.
        todo: what to do about it.
        candidates: the choices where something was ambiguous or unknown.
        field: the field that is to blame, by its name, where it is one.
        exit_code: a key of EXIT_CODES.
    """

    exit_code = 1

    def __init__(
        self, title: str, detail: str = "", todo: str = "", candidates: tuple[str, ...] = ()
    ) -> None:
        """Keep the parts apart, so that each face can lay them out in its own way."""
        super().__init__(title)
        self.title = title
        self.detail = detail
        self.todo = todo
        self.candidates = candidates
        self.field = ""


class InputRefused(CasemgrError):
    """Something was missing, ambiguous or outside its bounds; nothing was saved."""

    exit_code = 3


class NotFound(CasemgrError):
    """No such thing; the candidates name what there is."""

    exit_code = 4


class RuleRefused(CasemgrError):
    """The record's own rules forbid it: claimed, voided, or changed by somebody since."""

    exit_code = 5


class StoreUnavailable(CasemgrError):
    """The store could not be opened: key, damage, version or place."""

    exit_code = 6


class Damaged(StoreUnavailable):
    """The data file is damaged: it is only read from now on, as far as it can be."""


class NotOpened(StoreUnavailable):
    """The data file does not open with this key: it is another's, or the file's beginning is damaged."""


class Locked(CasemgrError):
    """Nobody has unlocked the data, or the passphrase was wrong.

    Attributes:
        wait_seconds: how long the next try has to wait.
    """

    exit_code = 10
    wait_seconds = 0


class NotWritten(CasemgrError):
    """A file or the store could not be written; what was there before still is."""

    exit_code = 7


class VerificationFailed(CasemgrError):
    """Ledger and tables do not agree, or the chain is broken."""

    exit_code = 8


class ContentBroken(CasemgrError):
    """A content file cannot be used; the detail names file, line or key, and the nearest known one."""

    exit_code = 9


class Cancelled(CasemgrError):
    """Somebody stopped it; nothing of it is left behind."""

    exit_code = 130


class ParseError(ValueError):
    """A piece of text that cannot be read as what it should be; the message is fit to be shown."""
