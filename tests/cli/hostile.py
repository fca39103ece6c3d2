"""A practice whose every text is hostile, made and shown by every command there is, in one process."""

from __future__ import annotations

import io
import json
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from itertools import count, cycle
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

import click

from casemgr.cli.main import casemgr, main

if TYPE_CHECKING:
    from collections.abc import Iterator

STEERING = (
    "\x1b[2J\x1b]0;title\x07\x1b]52;c;ZXZpbA==\x07\x1b]8;;http://e.example\x1b\\\x9b31m\x90q\x9c\x85"
    "\u202e\u2066\u200f\u061c\u2028\r\x08\x0b\x7f"
)
"""What would clear a screen, set a title, a clipboard and a link, and turn text round."""
MARKUP = (
    '#panic("x") #read("main.typ") $x$ *b* _i_ `r` @ref <lab> \\u{41} ] [red]x[/] [@click=app.quit] '
    "<b>&amp;</b> &K00FF00 _x0041_ {x} {} %s %(x)s ${HOME} $(id) ; rm"
)
LEADS = ("=", "+", "-", "@", "\t=", "\r=", "\uff1d", "'=", "|", "%")
"""What makes a formula of a text in one spreadsheet program or another."""
FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What no output may hold: line breaks are all that is left."""

_leads, _numbers = cycle(LEADS), count(1)


def hostile() -> str:
    """A text like no other one, that does harm wherever it is taken for more than text."""
    return f'{next(_leads)}HYPERLINK("http://e.example","x{next(_numbers)}x") {MARKUP} {STEERING}'


class Said(NamedTuple):
    """What a command said."""

    argv: tuple[str, ...]
    code: int
    out: str
    err: str


class _Stream(io.TextIOWrapper):
    """Standard output, as a terminal where that is wanted."""

    def __init__(self, terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="")
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def said(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode()


def run(*argv: object, stdin: str = "", terminal: bool = False) -> Said:
    """A command in this process, through the program's own way in."""
    args = tuple(map(str, argv))
    out, err = _Stream(terminal), _Stream(False)
    code: object = 0
    with (
        patch.object(sys, "argv", ["casemgr", *args]),
        patch.object(sys, "stdin", io.StringIO(stdin)),
        patch("signal.signal"),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as stop:
            code = stop.code
    return Said(args, int(str(code or 0)), out.said(), err.said())


def leaves(
    command: click.Command = casemgr, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command of the command line, by its words."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from leaves(found, (*path, name))


class Story:
    """Runs command after command, and sees to it that nothing they say steers a terminal."""

    def __init__(self) -> None:
        self.by_path = dict(leaves())
        self.told: set[tuple[str, ...]] = set()
        """The commands that were run."""
        self.refused: list[Said] = []

    def __call__(self, line: str, *more: object, stdin: str = "", code: int | None = 0) -> Said:
        """Run a command: its words, then its arguments. What shows something is run in every way there is."""
        words = line.split()
        path = next(tuple(words[:n]) for n in (2, 1) if tuple(words[:n]) in self.by_path)
        self.told.add(path)
        said = self.checked(run(*words, *more, stdin=stdin))
        assert code in (None, said.code), said
        if path[-1] in (
            "list",
            "show",
            "history",
            "check",
            "status",
            "profiles",
            "sources",
            "month",
            "patient",
        ):
            self.checked(run(*words, *more, terminal=True))
            if any(param.name == "as_json" for param in self.by_path[path].params):
                json.loads(self.checked(run(*words, *more, "--json")).out)
        return said

    def json(self, line: str, *more: object) -> Any:
        """What a command says as JSON."""
        return json.loads(self(f"{line} --json", *more).out)

    def checked(self, said: Said) -> Said:
        """What was said, which holds nothing that steers, and no fault of ours."""
        assert said.code != 1, said
        for text in (said.out, said.err):
            found = FORBIDDEN.search(text)
            assert not found, (said.argv, found, text[max(0, found.start() - 60) : found.end() + 20])
        return said
