"""What command-line tests share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import Cli


def read_json(cli: Cli, *args: str | Path, **options: Any) -> Any:
    """What a command prints with `--json`."""
    return json.loads(cli(*args, "--json", **options).stdout)


def entries(cli: Cli) -> int:
    """How many entries the ledger has; verified on the way."""
    report = read_json(cli, "verify")
    assert report["ok"], report
    return int(report["entries"])
