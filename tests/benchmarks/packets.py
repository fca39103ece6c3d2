"""A claim's packet against its documentation alone, and what a month of them holds in memory."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from casemgr.documents.packet import PacketPrinter
from casemgr.documents.pdf import ClaimPrinter
from tests.benchmarks.pdf import TYPICAL
from tests.benchmarks.table import Line, alternated
from tests.documents.enclosed import jpeg, pdf
from tests.documents.packets import enclosure, packet
from tests.documents.summaries import long_claim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casemgr.core.packet import Enclosure
    from tests.benchmarks.stores import Stores

ROUNDS = 30
MONTH, FEW = 2_000, 200
"""Packets of a large practice's month, and so many of them that everything that is kept is there."""
AND_MORE, BAR = 2.5, 1.15
"""A packet says each activity twice, the second time with its history; what it holds in memory stays."""


def run(stores: Stores) -> Iterator[Line]:
    """Each document differs from all before it, so that nothing is remembered between them."""
    printer, alone, numbers = PacketPrinter(), ClaimPrinter(), count(1)
    for name, attached in (("no files", False), ("with 4 pages of files", True)):
        took, base = alternated(
            lambda: _print(printer, next(numbers), _files(next(numbers)) if attached else ()),  # noqa: B023 - called at once
            lambda: alone.render(long_claim(TYPICAL, next(numbers))),
            stores.rounds(ROUNDS),
        )
        yield Line(f"claim packet, warm, {TYPICAL} activities, {name} / claim PDF", took, base, AND_MORE)
    few, many = (20, 40) if stores.quick else (FEW, MONTH)
    printer, held = PacketPrinter(), 0.0
    for number in range(many):
        _print(printer, number, _files(number) if number % 4 == 0 else (), activities=1 + number % 4)
        if number == few - 1:
            held = resident()
    yield Line(f"packets, resident memory after {many:,} / {few:,}", resident(), held, BAR, "MiB")


def resident() -> float:
    """MiB that this process holds."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096 / 2**20


def _print(
    printer: PacketPrinter, seed: int, files: tuple[Enclosure, ...], activities: int = TYPICAL
) -> bytes:
    return printer.render(packet(*files, summary=long_claim(activities, seed)))


def _files(seed: int) -> tuple[Enclosure, ...]:
    letter = pdf("", "/Rotate 90", "", texts=(f"Letter {seed}", "Second page", "Third page"))
    return (
        enclosure(letter, "letter.pdf", "application/pdf"),
        enclosure(jpeg(6), "voucher.jpg", "image/jpeg"),
    )
