"""Unlocking, locking, inviting and leaving, as processes: from files, from descriptors, and on a terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.cli.support import read_json
from tests.support import PASSPHRASE, PASSPHRASE_FILE, WITH_PASSPHRASE, own_runtime_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import Cli

TCHEN = "tam has one of her own"


@pytest.fixture
def own(practice: Cli) -> Cli:
    """The command line of mrivera with a runtime folder of the test's own."""
    return practice.acting("mrivera")


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A file with tchen's first passphrase."""
    path = tmp_path / "first.txt"
    path.write_text(f"{TCHEN}\n", encoding="utf-8")
    return path


def actions(cli: Cli) -> list[str]:
    """What the ledger knows of who came and went, oldest first."""
    found = read_json(cli, "ledger", "list", "--entity", "access", "--limit", "0")
    return [one["action"] for one in reversed(found) if one["action"] != "clear"]


def test_locked_it_does_nothing_until_it_is_unlocked(own: Cli) -> None:
    assert own("lock").stderr == "Locked.\n"
    assert own("lock").stderr == "It was locked already.\n"
    for command in (
        ("log", "5m ride #1031: x => ride confirmed"),
        ("verify",),
        ("backup",),
        ("staff", "list"),
    ):
        refused = own(*command, code=10)
        assert "casemgr unlock" in refused.stderr
        assert refused.stdout == ""
    assert (
        "Unlocked for Marisol Rivera (mrivera), for 30m"
        in own("unlock", "--for", "30m", *WITH_PASSPHRASE).stderr
    )
    own("verify")
    assert actions(own) == ["unlock"]


def test_a_descriptor_serves_as_well_and_nothing_shows_in_the_arguments(own: Cli) -> None:
    own("lock")
    done = own("unlock", "--passphrase-fd", "0", stdin=f"{PASSPHRASE}\n")
    assert "Unlocked" in done.stderr
    assert "no open descriptor" in own("unlock", "--passphrase-fd", "77", code=3).stderr
    for name in ("unlock", "init", "staff invite", "staff passphrase"):
        shown = own(*name.split(), "--help").stdout
        assert re.search(r"--passphrase-(file|fd)", shown)
        assert not re.search(r"--passphrase\s", shown)


def test_scripts_name_a_file_in_the_environment(own: Cli, tmp_path: Path) -> None:
    own("lock")
    env = {"CASEMGR_PASSPHRASE_FILE": str(PASSPHRASE_FILE)}
    assert own("staff", "list", env=env).stdout
    own("staff", "list", code=10)
    # What opens the data for one must not become another's passphrase.
    assert "no terminal" in own("staff", "invite", "tchen", env=env, code=3).stderr
    assert (
        "cannot be read"
        in own("staff", "list", env={"CASEMGR_PASSPHRASE_FILE": str(tmp_path)}, code=3).stderr
    )


@pytest.mark.parametrize("span", ["0h", "25h", "8 days", "", "-1h", "9999h"])
def test_a_span_that_cannot_be_is_refused(own: Cli, span: str) -> None:
    assert "30m" in own("unlock", "--for", span, *WITH_PASSPHRASE, code=3).stderr


def test_a_colleague_is_invited_leaves_and_gets_in_no_more(own: Cli, first: Path, tmp_path: Path) -> None:
    said = own("staff", "invite", "tchen", "--passphrase-file", first).stderr
    assert "casemgr --as tchen unlock" in said
    own("staff", "invite", "tchen", "--passphrase-file", first, code=5)
    theirs = replace(own, runtime=str(own_runtime_folder()))
    theirs("--as", "tchen", "unlock", "--passphrase-file", first)
    assert "Only the owner" in theirs("staff", "invite", "mrivera", "--passphrase-file", first, code=5).stderr
    both = tmp_path / "both.txt"
    both.write_text(f"{TCHEN}\nand takes another one later\n", encoding="utf-8")
    theirs("staff", "passphrase", "--passphrase-file", both)
    theirs("log", "5m ride #1031: x => ride confirmed")
    # A change of anybody's slot is a reason to ask everybody again.
    own("staff", "list", code=10)
    own("unlock", "--as", "mrivera", *WITH_PASSPHRASE)
    gone = own("staff", "leave", "tchen", "--on", "tomorrow")
    assert "opens nothing any more" in gone.stderr
    theirs("staff", "list", code=10)
    theirs("--as", "tchen", "unlock", "--passphrase-file", first, code=10)
    own("verify")
    assert actions(own)[-2:] == ["leave", "rekey"]
    assert read_json(own, "staff", "show", "tchen")["active_to"]


def test_the_recovery_key_is_printed_once_and_gives_a_new_passphrase(own: Cli, first: Path) -> None:
    page = own("staff", "recovery").stdout
    words = [
        found[1] for found in sorted(re.findall(r"(\d+)\. ([a-z]+)", page), key=lambda found: int(found[0]))
    ]
    assert len(words) == 12
    for path in own.home.rglob("*"):
        assert path.is_dir() or words[0].encode() + b" " not in path.read_bytes()
    typed = " ".join(words).upper()
    wrong = " ".join(reversed(words))
    own("staff", "passphrase", "--recovery", "--passphrase-file", first, stdin=wrong, code=None)
    done = own("staff", "passphrase", "--recovery", "--passphrase-file", first, stdin=typed)
    assert "mrivera" in done.stderr
    own("lock")
    own("unlock", "--as", "mrivera", *WITH_PASSPHRASE, code=10)
    own("unlock", "--as", "mrivera", "--passphrase-file", first)
    own("verify")


def test_wrong_ones_make_the_next_wait_and_are_recorded(own: Cli, first: Path) -> None:
    own("lock")
    refused = [
        own("--as", "mrivera", "unlock", "--passphrase-file", first, code=10).stderr.splitlines()[0]
        for _ in range(4)
    ]
    assert refused == ["That login and passphrase do not open the data"] * 3 + ["Too many wrong passphrases"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
class TestTerminal:
    def test_it_asks_where_it_is_locked_and_shows_nothing_of_what_is_typed(self, own: Cli) -> None:
        own("lock")
        shown = on_a_terminal(
            own, ("--as", "mrivera", "staff", "list"), f"nearly right, but no\n{PASSPHRASE}\n"
        )
        assert "Passphrase of mrivera" in shown
        assert "Once more" in shown
        assert "Marisol Rivera" in shown
        assert PASSPHRASE not in shown
        assert "nearly right" not in shown

    def test_init_asks_twice_and_says_what_is_wrong(self, own: Cli, tmp_path: Path) -> None:
        new = ("init", "--practice", "Another", "--timezone", "America/New_York", "--owner", "amy")
        typed = "short\nthis one was typed well\nthis one was not\n" + "and this one twice over\n" * 2
        shown = on_a_terminal(own, new, typed, {"CASEMGR_HOME": str(tmp_path / "new")})
        assert "at least 15 characters" in shown
        assert "not the same" in shown
        assert len(re.findall(r"\d+\. [a-z]+", shown)) == 12
        assert "twice over" not in shown


def on_a_terminal(cli: Cli, args: tuple[str, ...], typed: str, env: dict[str, str] | None = None) -> str:
    """What a command shows on a terminal of its own where each line is typed when it asks for one."""
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        cli.command(*args),
        env={**cli.environ(env), "COLUMNS": "200"},
        cwd=cli.cwd,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown, lines = "", typed.splitlines(keepends=True)
        while True:
            try:
                shown += os.read(ours, 4096).decode()
            except OSError:
                break
            # A prompt ends in a colon and a space, and has turned off the echo.
            if lines and re.search(r"(assphrase[^\n]*|Once more): $", shown):
                shown += "\n"
                os.write(ours, lines.pop(0).encode())
        process.wait(timeout=60)
    os.close(ours)
    assert process.returncode == 0, shown
    return shown
