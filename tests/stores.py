"""Makes the small synthetic practices of `tests/data/stores`, one by the program of each schema version.

`python -m tests.stores 7` runs this checkout's command line; `--program FOLDER` that of another one, such
as the last with an older schema. Everybody in them is made up.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from tests.support import PASSPHRASE_FILE, WITH_PASSPHRASE

STORES = Path(__file__).parent / "data" / "stores"
"""A folder for each version, named by its four digits."""

MONTH = "2026-10"
LOST = "the chart shows 25"
INIT = (
    *("init", "--practice", "Riverside Dental (synthetic)", "--timezone", "America/New_York"),
    *("--owner", "mrivera", "--owner-name", "Marisol Rivera"),
)

DEEDS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (1, ("staff", "add", "tchen", "Tam Chen", "--credential", "RDH")),
    (1, ("patient", "add", "Garcia, Ana", "4/9/2012", "--chart", "1034", "--payer", "Sunrise Medicaid Dental",
         "--member", "SYN4410231")),
    (1, ("patient", "add", "Müller, Jörg", "5/1/1987", "--chart", "1035", "--payer", "Harbor Dental PPO",
         "--member", "SYN4410377")),
    (1, ("patient", "add", "Nguyễn, Thị Hương", "7/30/2016", "--chart", "1036")),
    (1, ("case", "open", "1034", "--on", "2026-10-01", "--complaint", "missed 2 of 3 visits")),
    (1, ("log", "20m referral 1034 2026-10-21: oral surgery consult => booked !2026-10-26 confirm ride")),
    (1, ("log", "15m transport 1034 2026-10-26: no car => ride booked", "--set", "vendor=City Cab")),
    (1, ("log", "35m interpreter 1036 2026-10-22: Vietnamese, by phone => booked")),
    (1, ("log", "10m missed visit 1035 2026-10-23: called => left voicemail !2026-10-27 call again")),
    (3, ("log", "5m missed visit 1035 2026-10-27: called again => reached", "--done", "last")),
    (1, ("log", "25m education 1035 2026-10-28: brushing => teach-back done")),
    (1, ("log", "5m referral 1035 2026-10-28: entered twice => booked")),
    (1, ("activity", "void", "last", "--reason", "entered twice")),
    (1, ("log", "20m education 1036 2026-10-29: flossing => teach-back done")),
    (1, ("activity", "amend", "last", "--minutes", "25", "--reason", LOST)),
    (1, ("log", "--draft", "10m referral 1036 2026-10-30: which dentist")),
    (1, ("follow-up", "add", "2026-12-01", "order toothbrush kits", "--for", "tchen")),
    (1, ("claim", "draft", "--month", MONTH)),
    (1, ("claim", "void", "{claim}", "--reason", "wrong coverage")),
    (1, ("claim", "draft", "--month", MONTH)),
    (7, ("export", "month", MONTH, "-o", "{folder}/first.xlsx", "--clear")),
    (1, ("claim", "print", "--month", MONTH, "-o", "{folder}/printed")),
    (1, ("export", "month", MONTH, "-o", "{folder}/october.xlsx")),
    (5, ("benefits", "verify", "1034", "--on", "2026-10-02", "--covered", "yes", "--by", "phone")),
    (5, ("authorization", "add", "1034", "--number", "PA-5521", "--from", "2026-10-01", "--units", "6")),
    (5, ("attachment", "add", "{folder}/letter.pdf", "--patient", "1034", "--kind", "referral")),
    (5, ("claim", "ready", "{claim}", "--reason", "the payer asks for no plan")),
    (5, ("claim", "submit", "{claim}")),
    (5, ("claim", "deny", "{claim}", "--carc", "16")),
    (5, ("timer", "start", "--patient", "1034", "calling the surgeon")),
)  # fmt: skip
"""Since which version a program knows a command, and the command."""

SAYS_CLEAR = 7
"""The version since which files leave in the clear once somebody has said so."""
LEAVES = {("claim", "print"), ("export", "month")}

FIRST_WITH_PASSPHRASES = 7

TOLD = {
    "month": ("report", "month", MONTH),
    "patients": ("patient", "list"),
    "activities": ("activity", "list", "--month", MONTH),
    "follow_ups": ("follow-up", "list"),
    "claims": ("claim", "list"),
    "verify": ("verify",),
}
"""What the program that made it says of it, by the name under which it is kept."""


def make(version: int, program: Path) -> Path:
    """Make the practice of a version; returns its folder."""
    kept = STORES / f"{version:04d}"
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "letter.pdf").write_bytes(typst.compile(b"To whom it may concern"))
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CASEMGR_")},
            "CASEMGR_HOME": str(folder / "home"),
            "PYTHONPATH": str(program),
            "PYTHONDONTWRITEBYTECODE": "1",
            "CASEMGR_PASSPHRASE_FILE": str(PASSPHRASE_FILE),
            "CASEMGR_DAILY_BACKUP": "no",
        }

        def run(*args: str) -> str:
            command = [sys.executable, "-m", "casemgr", *args]
            return subprocess.run(
                command, env=environ, cwd=program, check=True, stdout=subprocess.PIPE, text=True
            ).stdout

        run(*INIT, *(WITH_PASSPHRASE if version >= FIRST_WITH_PASSPHRASES else ()))
        for since, deed in DEEDS:
            if since <= version:
                claim = json.loads(run("claim", "list", "--json"))[:1] if "{claim}" in deed else []
                number = claim[0]["number"] if claim else ""
                said = ("--clear",) if version >= SAYS_CLEAR and deed[:2] in LEAVES else ()
                run(*(part.format(folder=folder, claim=number) for part in deed), *said)
        told = {name: json.loads(run(*command, "--json")) for name, command in TOLD.items()}
        kept.mkdir(parents=True, exist_ok=True)
        for name in ("data/casemgr.db", "data/casemgr.slots", "keys/casemgr.key"):
            if (folder / "home" / name).exists():
                shutil.copyfile(folder / "home" / name, kept / Path(name).name)
        (kept / "expected.json").write_text(
            json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    return kept


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version", type=int)
    parser.add_argument("--program", type=Path, default=Path(__file__).parents[1])
    chosen = parser.parse_args()
    print(make(chosen.version, chosen.program.absolute()))
