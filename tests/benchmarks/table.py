"""What every benchmark hands back, how it is measured, and how it is printed."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

HEADINGS = ("what", "ours", "base", "ratio", "bar", "")
MISSED = "over"


class Line(NamedTuple):
    """A line of the table. With a base, the bar is a ratio; without one, it stands in the line's own unit."""

    name: str
    ours: float
    base: float | None = None
    bar: float | None = None
    unit: str = "ms"
    absolute: bool = False
    """Whether the bar is in the unit although there is a base."""

    @property
    def ratio(self) -> float | None:
        """Ours in bases."""
        return self.ours / self.base if self.base else None

    @property
    def missed(self) -> bool:
        """Whether ours is over the bar."""
        if self.bar is None:
            return False
        against = self.ours if self.absolute or self.ratio is None else self.ratio
        return against > self.bar

    def cells(self) -> tuple[str, ...]:
        """The line as text, a cell a heading."""
        bar = ""
        if self.bar is not None:
            in_unit = self.absolute or self.ratio is None
            bar = amount(self.bar, self.unit) if in_unit else f"× {self.bar:g}"
        return (
            self.name,
            amount(self.ours, self.unit),
            "" if self.base is None else amount(self.base, self.unit),
            "" if self.ratio is None else f"{self.ratio:.2f}",
            bar,
            MISSED if self.missed else "",
        )


def amount(value: float, unit: str) -> str:
    """A figure with its unit: `7.4 ms`, `1,250 ms`, `50`."""
    digits = 0 if value >= 100 or value == int(value) else 1 if value >= 1 else 2
    return f"{value:,.{digits}f} {unit}".rstrip()


def milliseconds(work: Callable[[], object]) -> float:
    """How long the work takes, once."""
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def nothing() -> None:
    """What needs no preparation."""


def alternated(
    ours: Callable[[], object],
    base: Callable[[], object],
    rounds: int,
    prepare: Callable[[], object] = nothing,
) -> tuple[float, float]:
    """The medians in milliseconds of both, run in turn, so that a busy machine is busy for both.

    Each runs once before, so that neither pays for cold files. `prepare` goes before each pair, untimed.
    """
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        prepare()
        for times, work in zip(took, (ours, base), strict=True):
            once = milliseconds(work)
            if number:
                times.append(once)
    return median(took[0]), median(took[1])


def typical(work: Callable[[], object], rounds: int) -> float:
    """The median in milliseconds after one run that does not count."""
    work()
    return median(milliseconds(work) for _ in range(rounds))


def plain(lines: Iterable[Line]) -> Iterator[str]:
    """Lines of text for a terminal, each as soon as it is measured."""
    yield row_text(HEADINGS)
    for line in lines:
        yield row_text(line.cells())


def row_text(cells: tuple[str, ...]) -> str:
    """A row in columns: the name on the left, figures on the right."""
    name, ours, base, ratio, bar, missed = cells
    return f"{name:<62} {ours:>12} {base:>12} {ratio:>6} {bar:>8} {missed}".rstrip()


def markdown(lines: Iterable[Line]) -> Iterator[str]:
    """The same as a Markdown table, without the last column."""
    yield f"| {' | '.join(HEADINGS[:-1])} |"
    yield "|---|---:|---:|---:|---:|"
    for line in lines:
        yield f"| {' | '.join(line.cells()[:-1])} |"
