"""What copies that were killed in the middle have left: files named after processes that are no more."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from casemgr.services.setup import is_running

if TYPE_CHECKING:
    from pathlib import Path

DRILL = ".drill-{process}-"
"""How the name of a drill's folder begins."""

_LEFT = re.compile(r"\.drill-(\d+)-.+|\..+\.(\d+)\.part(?:-journal|-wal|-shm)?")


def remove_leftovers(*folders: Path) -> None:
    """Remove from some folders what nobody is writing any more; what cannot be removed stays."""
    for path in (path for folder in folders for path in folder.glob(".*")):
        made_by = _LEFT.fullmatch(path.name)
        if made_by and not is_running(int(made_by[1] or made_by[2])):
            with suppress(OSError):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()
