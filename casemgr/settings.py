"""Where everything is kept, and who acts unless somebody is named."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casemgr.errors import InputRefused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

DATABASE_NAME = "casemgr.db"
SLOTS_NAME = "casemgr.slots"
TRIES_NAME = "casemgr.tries"
DAMAGED_NAME = "casemgr.damaged"
KEY_NAME = "casemgr.key"


@dataclass(frozen=True)
class Places:
    """The folders of one practice; `data` holds what must not be lost."""

    data: Path
    """The encrypted database, and its key slots beside it."""
    keys: Path
    """The key file of a practice that was made before there were passphrases."""
    config: Path
    """The practice's own activities, codes, payers, workbooks and documents."""
    exports: Path
    """What leaves the house when no other place is named."""
    backups: Path

    @classmethod
    def under(cls, root: Path) -> Places:
        """All of them in one folder."""
        return cls(root / "data", root / "keys", root / "config", root / "exports", root / "backups")

    @property
    def database(self) -> Path:
        """The encrypted database file."""
        return self.data / DATABASE_NAME

    @property
    def slots(self) -> Path:
        """The key slots: with a passphrase, they yield the database's key."""
        return self.data / SLOTS_NAME

    @property
    def tries(self) -> Path:
        """When somebody tried a wrong passphrase, until the ledger can be told."""
        return self.data / TRIES_NAME

    @property
    def damaged(self) -> Path:
        """What is known of damage to the database; there only from when it was met until it is mended."""
        return self.data / DAMAGED_NAME

    @property
    def key(self) -> Path:
        """The key file of a practice that was made before there were passphrases."""
        return self.keys / KEY_NAME

    def daily_backup(self, day: date) -> Path:
        """The automatic backup of a day, whether it is there or not."""
        return self.backups / f"daily-{day:%Y%m%d}.db"


@dataclass(frozen=True)
class Settings:
    """What the environment says."""

    places: Places
    staff: str
    """Login from CASEMGR_STAFF, or empty."""


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """CASEMGR_HOME names the folder that holds everything, else the platform's own folders do.

    Raises:
        InputRefused: it names the home of somebody whom the machine does not know.
    """
    home = environ.get("CASEMGR_HOME", "")
    if home:
        try:
            root = Path(home).expanduser().absolute()
        except RuntimeError as error:
            raise InputRefused(
                "CASEMGR_HOME names no folder",
                f"{home} is the home of nobody on this machine. Nothing was done.",
                "Write out the whole path of the folder.",
            ) from error
        places = Places.under(root)
    else:
        # Imported here, since it costs and most set-ups that run many commands name their home.
        from platformdirs import PlatformDirs

        dirs = PlatformDirs("casemgr", appauthor=False)
        data, config = dirs.user_data_path, dirs.user_config_path
        places = Places(data / "data", config / "keys", config, data / "exports", data / "backups")
    return Settings(places, environ.get("CASEMGR_STAFF", ""))


def passphrase_file(environ: Mapping[str, str] = os.environ) -> Path | None:
    """CASEMGR_PASSPHRASE_FILE names a file that holds the passphrase, for scripts; None where it does not."""
    named = environ.get("CASEMGR_PASSPHRASE_FILE", "")
    return Path(named) if named else None
