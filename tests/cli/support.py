"""What command-line tests share."""

from __future__ import annotations

import json
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
