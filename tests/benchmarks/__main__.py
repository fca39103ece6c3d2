"""`python -m tests.benchmarks [NAME …] [--quick] [--full] [--markdown]` measures and prints a table."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.benchmarks.stores import CACHE, Stores
from tests.benchmarks.table import markdown, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.table import Line

NAMES = (
    *("log", "parallel", "tui_start", "tui_memory", "listing", "searching", "importing", "workbook", "pdf"),
    *("packets", "checking"),
)
"""The modules of this package that have a `run(stores)`."""


def lines(names: list[str], stores: Stores) -> Iterator[Line]:
    """The lines of each benchmark, as they are measured."""
    for name in names:
        yield from import_module(f"tests.benchmarks.{name}").run(stores)


def main() -> None:
    """Read the arguments and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all unless named")
    parser.add_argument("--quick", action="store_true", help="small stores and few rounds: does it run?")
    parser.add_argument(
        "--full", action="store_true", help="a million activities too; takes minutes the first time"
    )
    parser.add_argument("--markdown", action="store_true", help="as a Markdown table")
    asked = parser.parse_args()
    for name in asked.names:
        if name not in NAMES:
            parser.error(f"{name} is none of {', '.join(NAMES)}")
    CACHE.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=CACHE, prefix="run-") as scratch:
        stores = Stores(Path(scratch), quick=asked.quick, full=asked.full)
        measured = lines(asked.names or list(NAMES), stores)
        for text in (markdown if asked.markdown else plain)(measured):
            print(text, flush=True)


if __name__ == "__main__":
    main()
