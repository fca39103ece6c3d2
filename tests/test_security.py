"""Tests, commands and targets that SECURITY.md names are there, and the program reaches no other machine."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import click
import pytest

from casemgr.cli.main import casemgr
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = (ROOT / "SECURITY.md").read_text("utf-8")

NETWORK = {
    "ftplib",
    "http",
    "httpx",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "urllib",
    "xmlrpc",
}
"""Modules by which a program reaches other machines."""


def quoted(beginning: str) -> Iterator[str]:
    """What stands between backticks and begins with a word."""
    yield from (each for each in re.findall(r"`([^`\n]+)`", TEXT) if each.startswith(beginning))


def test_every_test_that_is_named_is_there() -> None:
    named = set(quoted("tests/"))
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_every_target_that_is_named_is_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for named in quoted("make "):
        target = named.split()[1]
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), named


def test_every_module_that_is_named_can_be_run() -> None:
    for named in quoted("python -m "):
        path = ROOT / named.split()[2].replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), named


@pytest.mark.parametrize("line", sorted(set(quoted("casemgr "))))
def test_every_command_that_is_named_is_there_with_its_options(line: str) -> None:
    command: click.Command = casemgr
    params = list(command.params)
    for word in line.split()[1:]:
        if word.startswith("--"):
            assert word in {option for each in params for option in (*each.opts, "--help")}, line
        elif isinstance(command, click.Group) and not word.isupper():
            found = command.get_command(click.Context(command), word)
            assert found is not None, line
            command = found
            params += command.params


def test_what_was_counted_has_its_place() -> None:
    for what in ("faults", "inputs", "bounds"):
        assert re.search(rf"<!-- {what} -->\n.*<!-- /{what} -->", TEXT, re.DOTALL), what


def test_nothing_is_claimed_that_only_others_can_say() -> None:
    assert not re.search(r"\b(compliant|certified|guarantee|unbreakable|military)", TEXT, re.IGNORECASE)


def test_the_program_reaches_no_other_machine() -> None:
    found = []
    for path in sorted((ROOT / "casemgr").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = (
                [each.name for each in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            found += [f"{path.name}: {name}" for name in names if name.partition(".")[0] in NETWORK]
    assert found == []
