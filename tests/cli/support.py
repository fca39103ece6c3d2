"""What command-line tests share."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from casemgr.services.desk import open_desk
from casemgr.settings import read_settings
from tests.services.support import assert_whole, length

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import Cli


def read_json(cli: Cli, *args: str | Path, **options: Any) -> Any:
    """What a command prints with `--json`."""
    return json.loads(cli(*args, "--json", **options).stdout)


def entries(cli: Cli) -> int:
    """How many entries the ledger has; chain and tables are verified on the way."""
    desk = open_desk(read_settings({"CASEMGR_HOME": str(cli.home)}))
    try:
        assert_whole(desk)
        return length(desk)
    finally:
        desk.close()


def in_a_terminal(cli: Cli, *args: str, types: str) -> str:
    """What a command shows on a terminal where somebody types; it must have ended."""
    import pty

    process, terminal = pty.fork()
    if not process:
        os.chdir(cli.cwd)
        os.execve(sys.executable, cli.command(*args), cli.environ({"COLUMNS": "120"}))
    shown = b""
    with suppress(OSError):
        while part := os.read(terminal, 10_000):
            shown += part
            if types and b"[y/N]" in shown:
                os.write(terminal, types.encode())
                types = ""
    os.close(terminal)
    os.waitpid(process, 0)
    return shown.decode()
