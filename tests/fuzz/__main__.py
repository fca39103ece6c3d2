"""Bad input without end, on every reader: `python -m tests.fuzz [--seconds N] [--only READER] [--markdown]`.

Each reader has a process of its own and a share of the time. Where atheris is installed (the extra
`torture`), coverage guides what is changed; elsewhere sound inputs are changed by chance. What a reader does
not withstand is kept in the folder that --keep names, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
SLOW_SHARE = 3
"""How many times the others' time a reader gets that takes longer over each input."""
STARTING_SECONDS = 300
"""How much longer than its time a process may take."""


class Fed(NamedTuple):
    """What became of a reader."""

    name: str
    inputs: int
    taken: int
    found: dict[str, dict[str, str]]

    def count(self, kind: str) -> int:
        """How many different ones of a kind."""
        return sum(one["kind"] == kind for one in self.found.values())


def feed(name: str, seconds: float, seed: int, keep: Path, engine: str) -> Fed:
    """Feed a reader in a process of its own."""
    folder = keep / name.replace(" ", "-")
    folder.mkdir(parents=True)
    environ = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "XDG_RUNTIME_DIR": str(folder),
        "TZ": "UTC",
        "CASEMGR_DAILY_BACKUP": "no",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.one", name, str(seconds), str(seed), str(folder), engine],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=seconds + STARTING_SECONDS,
        check=False,
    )
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        # It was ended by the system, or by the watch over what takes too long.
        said = done.stderr[-2_000:]
        kind = "hang" if "Timeout" in said else "crash"
        return Fed(
            name, 0, 0, {f"{kind}: exit code {done.returncode}": {"kind": kind, "said": said, "input": ""}}
        )
    return Fed(name, told["inputs"], told["taken"], told["found"])


def markdown(fed: list[Fed], engine: str, seconds: float) -> str:
    """The table of SECURITY.md."""
    from tests.fuzz.readers import READERS

    how = (
        "guided by coverage (atheris)"
        if engine == "atheris"
        else "changed by chance, since atheris is not installed here"
    )
    rows = [
        "| reader | inputs | crashes | hangs | partial writes |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for one in fed:
        reader = READERS[one.name]
        partly = str(one.count("partial write")) if reader.writes else "writes nothing"
        cells = (reader.title, f"{one.inputs:,}", one.count("crash"), one.count("hang"), partly)
        rows.append(f"| {' | '.join(map(str, cells))} |")
    total = sum(one.inputs for one in fed)
    return "\n".join(
        [*rows, "", f"{total:,} inputs in {seconds:,.0f} seconds of feeding, {how}: `python -m tests.fuzz`."]
    )


def main() -> int:
    """Feed them all, two at a time."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120, help="for all readers together")
    parser.add_argument("--only", metavar="READER", help="one reader, by its name")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--chance", action="store_true", help="without atheris, though it is installed")
    parser.add_argument("--keep", type=Path, help="a new folder for what was not withstood")
    parser.add_argument("--markdown", action="store_true", help="print the table of SECURITY.md")
    parser.add_argument("--bounds", action="store_true", help="print its table of bounds, and feed nothing")
    asked = parser.parse_args()
    if asked.bounds:
        from tests.fuzz.bounds import table

        print(table())
        return 0
    engine = "chance" if asked.chance or importlib.util.find_spec("atheris") is None else "atheris"

    from tests.fuzz.readers import READERS
    from tests.support import folder_in_memory

    if asked.only and asked.only not in READERS:
        parser.error(f"there is no reader {asked.only}: {', '.join(READERS)}")
    names = [asked.only] if asked.only else list(READERS)
    workers = min(2, os.cpu_count() or 1, len(names))
    shares = {name: SLOW_SHARE if READERS[name].slow > 1 else 1 for name in names}
    one = asked.seconds * workers / sum(shares.values())
    with (
        tempfile.TemporaryDirectory(prefix="casemgr-fuzz-", dir=folder_in_memory(room=0) or None) as folder,
        ThreadPoolExecutor(workers) as pool,
    ):
        keep = asked.keep or Path(folder)
        fed = list(pool.map(lambda name: feed(name, one * shares[name], asked.seed, keep, engine), names))
    if asked.markdown:
        print(markdown(fed, engine, asked.seconds * workers))
    found = [(each.name, what, told) for each in fed for what, told in each.found.items()]
    if not asked.markdown:
        for each in fed:
            print(
                f"{each.name:<18} {each.inputs:>9,} inputs, {each.taken:>8,} taken, {len(each.found)} too bad"
            )
    for name, what, told in found:
        print(f"{name}: {what}\n  {told['said']}\n  {told['input']}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
