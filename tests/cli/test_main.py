"""The command line itself: help, completion, exit codes, wrong keys and damaged files."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import stat
import subprocess
import sys
import time
from importlib import import_module
from typing import TYPE_CHECKING

import click
import pytest

from casemgr import __version__
from casemgr.cli.main import COMMANDS, casemgr
from casemgr.errors import EXIT_CODES
from tests.cli.support import entries, read_json
from tests.support import PASSPHRASE_FILE, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support import Cli

LINE = "20m referral #1030: consult => booked"


def walk(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """A command and all below it, by their whole names."""
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=name)
        for each in command.list_commands(context):
            below = command.get_command(context, each)
            assert below is not None, each
            yield from walk(below, f"{name} {each}")


ALL = dict(walk(casemgr, "casemgr"))


@pytest.mark.parametrize("name", list(ALL))
def test_every_command_has_examples_that_call_it(name: str) -> None:
    command = ALL[name]
    help_text = command.get_help(click.Context(command, info_name=name))
    assert "Examples:" in help_text
    examples = help_text.partition("Examples:")[2]
    assert re.search(rf"{name}\b", examples), examples
    assert command.get_short_help_str()


def test_every_command_of_the_issue_is_there() -> None:
    issue = """
        init, demo, log, undo, redo, activity list|show|amend|void|history, patient add|list|show|edit,
        payer list|show, coverage add|list, case open|list|show|close, follow-up list|add|done|snooze|assign,
        timer start|edit|pause|resume|stop|discard|status, claim draft|list|show|print, export month,
        report month|patient|staff, import patients|staff|log, kind list|show, code list|show, ledger list,
        verify, backup, restore, locate
    """
    for words in issue.replace("\n", " ").split(","):
        noun, _, verbs = words.strip().partition(" ")
        for verb in verbs.split("|"):
            assert f"casemgr {noun} {verb}".strip() in ALL


def test_the_names_of_commands_import_and_their_lines_say_what_they_do() -> None:
    for name, (module, line) in COMMANDS.items():
        command = getattr(import_module(f"casemgr.cli.{module}"), f"{name.replace('-', '_')}_command")
        assert isinstance(command, click.Command)
        assert line.endswith(".")


def test_examples_use_options_that_there_are() -> None:
    for name, command in ALL.items():
        examples = (command.help or "").partition("Examples:")[2].partition("\n\n")[0]
        for line in examples.splitlines():
            # Who acts may be named before the command.
            words = line.strip().replace("casemgr --as tchen", "casemgr").split()
            if words[:1] != ["casemgr"]:
                continue
            called = next(ALL[" ".join(words[:n])] for n in (3, 2, 1) if " ".join(words[:n]) in ALL)
            known = {option for each in called.params for option in (*each.opts, *each.secondary_opts)} | {
                "--as",
                "--json",
            }
            said = {
                word for word in re.sub(r'"[^"]*"', "", line).split() if re.fullmatch(r"--?[a-z-]+", word)
            }
            assert said <= known, (name, line)


def test_help_needs_only_click() -> None:
    code = (
        "import sys\n"
        "from casemgr.cli.main import casemgr\n"
        "try:\n    casemgr.main(['--help'], standalone_mode=False)\n"
        "finally:\n"
        "    heavy = {'pydantic', 'openpyxl', 'typst', 'textual', 'rich', 'sqlcipher3', 'sqlite_utils',\n"
        "             'python_calamine', 'pypdf', 'platformdirs'}\n"
        "    print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True, timeout=300
    )
    assert done.stdout.splitlines()[-1] == "[]"
    for name in COMMANDS:
        assert re.search(rf"^  {name} ", done.stdout, re.MULTILINE)
    for code_number in EXIT_CODES:
        assert re.search(rf"^ +{code_number}  ", done.stdout, re.MULTILINE)


def test_logging_imports_no_heavy_library(practice: Cli) -> None:
    code = (
        "import sys\n"
        "from casemgr.cli.main import casemgr\n"
        f"casemgr.main(['log', {LINE!r}], standalone_mode=False)\n"
        "heavy = {'openpyxl', 'typst', 'textual', 'rich', 'python_calamine', 'pypdf', 'platformdirs'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=practice.environ(),
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=300,
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert entries(practice)


def test_version_help_and_unknown_commands(run_cli: Cli) -> None:
    assert __version__ in run_cli("--version").stdout
    assert run_cli("log", "--help").stdout.startswith("Usage: casemgr log")
    assert "Did you mean activity" in run_cli("activty", code=2).stderr
    assert "No such command" in run_cli("frobnicate", code=2).stderr
    assert "No such command" in run_cli("activity", "frobnicate", code=2).stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed_and_complete(run_cli: Cli, shell: str) -> None:
    script = run_cli("completion", shell).stdout
    assert "_CASEMGR_COMPLETE" in script
    answers = {
        "bash": {"COMP_WORDS": "casemgr activity a", "COMP_CWORD": "2"},
        "zsh": {"COMP_WORDS": "casemgr activity a", "COMP_CWORD": "2"},
        "fish": {"COMP_WORDS": "casemgr activity a", "COMP_CWORD": "a"},
    }
    done = run_cli(env={"_CASEMGR_COMPLETE": f"{shell}_complete", **answers[shell]}, code=None)
    assert "amend" in done.stdout, done


def test_output_that_nobody_reads_is_no_fault(practice: Cli) -> None:
    practice("log", LINE)
    with subprocess.Popen(
        practice.command("activity", "list", "--json"),
        env=practice.environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
        assert process.wait(timeout=300) == 0


def shell(cli: Cli, line: str) -> tuple[int, str]:
    """Exit code and messages of a command with the shell's redirections; `casemgr` stands for ours."""
    ours = f"{shlex.quote(sys.executable)} -m casemgr"
    done = subprocess.run(
        ["sh", "-c", line.replace("casemgr", ours, 1)],
        env=cli.environ(),
        cwd=cli.cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="redirections are POSIX's")
@pytest.mark.parametrize(
    "lost",
    [
        ">&-",
        pytest.param(
            ">/dev/full",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux has that device"),
        ),
    ],
)
def test_what_was_done_and_cannot_be_shown_is_told_as_done(practice: Cli, lost: str) -> None:
    code, told = shell(practice, f"casemgr log '{LINE}' {lost}")
    assert (code, told.splitlines()[0]) == (7, "It was done, but could not be shown")
    assert len(read_json(practice, "activity", "list")) == 1
    for command in ("activity list", "activity list --json", "report month", "--help"):
        assert shell(practice, f"casemgr {command} {lost}")[0] == 7


@pytest.mark.skipif(sys.platform == "win32", reason="redirections are POSIX's")
def test_closed_streams_are_no_faults(practice: Cli) -> None:
    assert shell(practice, f"casemgr log '{LINE}' 2>&-")[0] == 0
    assert "standard input" in shell(practice, "casemgr log --batch <&-")[1]
    assert shell(practice, "casemgr init <&-")[0] == 3
    assert shell(practice, "casemgr <&- >&- 2>&-")[0] == 2
    assert not (practice.home / "reports").exists()


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("activity", "list", "--limit", "9" * 30), 2),
        (("restore", "a" * 5000), 3),
        (("backup", "a" * 300), 3),
        (("log", "--batch"), 3),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_what_is_out_of_all_bounds_is_no_fault(practice: Cli, args: tuple[str, ...], code: int) -> None:
    practice(*args, stdin="[" * 100_000, code=code)
    assert not (practice.home / "reports").exists()


def test_a_home_of_nobody_is_told(practice: Cli) -> None:
    assert "CASEMGR_HOME" in practice("locate", env={"CASEMGR_HOME": "~nosuchuser/x"}, code=3).stderr


def test_what_was_mistyped_does_not_steer_the_terminal(practice: Cli) -> None:
    for args in (("\x1b[31m",), ("log", "--\x1b[31m"), ("activity", "list", "--limit", "\x1b[31m")):
        assert "\x1b" not in practice(*args, code=2).stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_command_cleanly(practice: Cli, number: int, code: int) -> None:
    with subprocess.Popen(
        practice.command("log", "--batch"),
        env=practice.environ(),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        # It waits for the batch by then.
        time.sleep(1)
        process.send_signal(number)
        told = process.communicate(timeout=60)[1]
    assert process.returncode == code
    assert "Traceback" not in told


def test_names_print_on_a_terminal_that_knows_no_letters(practice: Cli) -> None:
    done = practice("patient", "list", env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
    assert "O'Brien-N" in done.stdout
    told = practice("patient", "list", "--json", env={"PYTHONIOENCODING": "ascii"}).stdout
    assert "O'Brien-Núñez" in {row["last_name"] for row in json.loads(told)}


class TestStore:
    @pytest.fixture
    def logged(self, practice: Cli) -> Cli:
        practice("log", LINE)
        return practice

    def refused(self, cli: Cli, code: int = 6) -> str:
        done = cli("activity", "list", code=code)
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        assert "casemgr/reports" not in done.stderr
        return done.stderr

    def test_missing_or_damaged_key_slots_are_told_and_the_right_ones_open_again(self, logged: Cli) -> None:
        own = logged.acting("mrivera")
        slots = logged.home / "data" / "casemgr.slots"
        right = slots.read_bytes()
        env = {"CASEMGR_PASSPHRASE_FILE": str(PASSPHRASE_FILE), "CASEMGR_STAFF": "mrivera"}
        for wrong in (b"", right[:100], b"\0" * 100):
            slots.write_bytes(wrong)
            assert "damaged" in own("activity", "list", env=env, code=6).stderr
        slots.unlink()
        assert str(slots) in own("activity", "list", env=env, code=6).stderr
        slots.write_bytes(right)
        assert len(read_json(own, "activity", "list")) == 1

    def test_a_damaged_file_is_told_and_left_as_it_is(self, logged: Cli) -> None:
        path = logged.home / "data" / "casemgr.db"
        whole = path.read_bytes()
        for damaged in (b"not a database" * 1000, whole[:100], b"\0" * len(whole)):
            path.write_bytes(damaged)
            self.refused(logged)
            assert path.read_bytes() == damaged
        path.write_bytes(whole)
        assert len(read_json(logged, "activity", "list")) == 1

    def test_files_stay_private(self, logged: Cli) -> None:
        for path in logged.home.rglob("*"):
            expected = 0o700 if path.is_dir() else 0o600
            assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_a_fault_of_our_own_names_nobody(practice: Cli) -> None:
    """A function that fails stands in for a fault that we do not know of."""
    broken = practice.cwd / "broken"
    broken.mkdir()
    (broken / "sitecustomize.py").write_text(
        "import casemgr.core.minutes as m\n"
        "def fail(*a, **k):\n    raise RuntimeError('Garcia, Ana has secrets')\n"
        "m.format_minutes = fail\n",
        encoding="utf-8",
    )
    done = practice("log", LINE, env={"PYTHONPATH": os.pathsep.join((str(ROOT), str(broken)))}, code=1)
    reports = list((practice.home / "reports").iterdir())
    assert len(reports) == 1
    text = reports[0].read_text("utf-8")
    assert "RuntimeError" in text
    for secret in ("Garcia", "secrets", "consult"):
        assert secret not in text
        assert secret not in done.stderr
    assert "Traceback" not in done.stderr
