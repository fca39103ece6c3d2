"""What all faults have in common: a share of the time and of the cases, counts, and the table of them."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from random import Random
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from tests.torture.arena import Arena, forked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    Case = TypeVar("Case")

WORKERS = 2
"""So many processes try a fault at once: one for each of two cores."""

TELL_SECONDS = 10.0
"""How often is told how far it is."""


@dataclass
class Tally:
    """What came of a fault."""

    tried: int = 0
    acknowledged: int = 0
    """Commands that said before or after it that they were done."""
    lost: int = 0
    """Of what was acknowledged; must be none."""
    half: int = 0
    """Deeds or files of which only a part was there."""
    tracebacks: int = 0
    unverified: int = 0
    """`verify` found something."""
    other: int = 0
    """Another exit code than the documented one, no word said, or it did not work again afterwards."""
    more: dict[str, int] = field(default_factory=dict)
    """What is counted beside, by its words."""

    @property
    def bad(self) -> int:
        """Everything that must not be."""
        return self.lost + self.half + self.tracebacks + self.unverified + self.other

    def note(self, *things: str) -> None:
        """Say what went wrong."""
        for each in things:
            say(f"  ! {each}")

    def add(self, other: Tally) -> None:
        """Take in what another process counted."""
        for each in fields(self):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            setattr(
                self,
                each.name,
                dict(Counter(mine) + Counter(theirs)) if each.name == "more" else mine + theirs,
            )


COLUMNS = (
    *("Fault", "Tried", "Acknowledged", "Lost", "Half-written", "Tracebacks", "Verify failures"),
    "Otherwise wrong",
)


class Skipped(Exception):
    """This machine has not what a fault needs; the message says what."""


@dataclass
class Bench:
    """What a fault is tried with, in one of the processes that try it."""

    memory: Path
    """A folder, in memory where there is one with room."""
    disk: Path
    """A folder on the disk of the checkout."""
    seed: int
    seconds: float
    """Its share of the time."""
    full: bool
    index: int = 0
    of: int = 1

    def __post_init__(self) -> None:
        """The time begins."""
        self.chance = Random(self.seed * 100 + self.index)
        self._until = time.monotonic() + self.seconds
        self._began = self._told = time.monotonic()

    @property
    def out_of_time(self) -> bool:
        """Whether its share is over."""
        return time.monotonic() > self._until

    def mine(self, cases: Sequence[Case]) -> Sequence[Case]:
        """The cases that are this process's."""
        return cases[self.index :: self.of]

    def arena(self, name: str = "arena", on_disk: bool = False) -> Arena:
        """A place of its own."""
        return Arena((self.disk if on_disk else self.memory) / f"{name}-{self.index}")

    def tell(self, tally: Tally) -> None:
        """Say now and then how far it is."""
        if time.monotonic() - self._told > TELL_SECONDS:
            self._told = time.monotonic()
            whose = f" (process {self.index + 1} of {self.of})" if self.of > 1 else ""
            say(f"    {self._told - self._began:3.0f} s: tried {tally.tried}, wrong {tally.bad}{whose}")


class Row(NamedTuple):
    """A line of the table."""

    name: str
    about: str
    tally: Tally | None
    """None where it was skipped."""
    skipped: str = ""


def say(text: str) -> None:
    """Progress, on standard error."""
    print(text, file=sys.stderr, flush=True)


def shared(work: Callable[[Bench], Tally], benches: Iterable[Bench]) -> Tally:
    """Try a fault in several processes at once, and add up what they counted.

    Raises:
        Skipped: this machine has not what it needs.
        RuntimeError: one of them failed by itself.
    """
    waiting: list[tuple[int, Path]] = []
    for bench in benches:
        result = bench.memory / f"tally-{bench.index}.json"

        def run(bench: Bench = bench, result: Path = result) -> None:
            try:
                told: object = asdict(work(bench))
            except Skipped as why:
                told = str(why)
            result.write_text(json.dumps(told), "utf-8")

        waiting.append((forked(run), result))
    total = Tally()
    skipped = ""
    codes = [wait_for(process) for process, _ in waiting]
    if any(codes):
        raise RuntimeError(f"the torture itself failed, with {codes}")
    for _, result in waiting:
        told = json.loads(result.read_text("utf-8"))
        if isinstance(told, str):
            skipped = told
        else:
            total.add(Tally(**told))
    if skipped:
        raise Skipped(skipped)
    return total


def wait_for(process: int) -> int:
    """The exit code of a process of ours."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def counts_of(row: Row) -> list[tuple[str, str]]:
    """A line of the table: each column and what stands in it."""
    one = row.tally
    if one is None:
        return [(COLUMNS[0], row.about), (COLUMNS[1], f"skipped: {row.skipped}")]
    more = ", ".join(f"{count:,} {words}" for words, count in one.more.items())
    about = f"{row.about} ({more})" if more else row.about
    counts = (one.tried, one.acknowledged, one.lost, one.half, one.tracebacks, one.unverified, one.other)
    return list(zip(COLUMNS, (about, *(f"{count:,}" for count in counts)), strict=True))


def plain(rows: Iterable[Row]) -> str:
    """Each fault with its counts, for reading."""
    lines = []
    for row in rows:
        (_, about), *counts = counts_of(row)
        lines += [about, "  " + ", ".join(f"{name.lower()} {count}" for name, count in counts)]
    return "\n".join(lines)


def markdown(rows: Iterable[Row]) -> str:
    """The table of all faults."""
    lines = [f"| {' | '.join(COLUMNS)} |", f"|---|{'---:|' * (len(COLUMNS) - 1)}"]
    for row in rows:
        cells = [cell for _, cell in counts_of(row)]
        cells += [""] * (len(COLUMNS) - len(cells))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
