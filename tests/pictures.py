"""Draws docs/pictures anew: screens of a synthetic practice on a day that never moves.

Run with `python -m tests.pictures [FOLDER]`.
"""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typst
from pypdf import PdfReader

from casemgr.clock import FixedClock
from casemgr.core.commands import AddFollowUp, AddPatient, EditStaff, LogActivity
from casemgr.services.activities import log_activity
from casemgr.services.demo import make_demo
from casemgr.services.desk import open_desk
from casemgr.services.entries import wish_from_text
from casemgr.services.follow_ups import add_follow_up
from casemgr.services.patients import add_patient, the_patient_id
from casemgr.services.releases import allow_clear
from casemgr.services.setup import create_practice
from casemgr.services.staff import edit_staff
from casemgr.services.timers import start_timer
from casemgr.settings import read_settings
from casemgr.tui.app import CasemgrApp
from casemgr.tui.messages import Go
from casemgr.tui.widgets.entry import EntryLine
from tests.support import PASSPHRASE, ROOT

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from casemgr.services.desk import Desk

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 10, 21, 10, 50, 12, tzinfo=ZONE)

PEOPLE = (
    ("Garcia", "Ana", date(2012, 4, 9), "1030"),
    ("Garcia", "Ana", date(1985, 9, 4), "1031"),
    ("O'Brien-Núñez", "Mary Jo", date(1990, 1, 5), "1032"),
    ("Nguyen", "An", date(1961, 11, 30), "1033"),
    ("Ortiz", "Luz", date(2016, 2, 17), "1034"),
    ("van der Berg", "Lotte", date(1948, 6, 2), "1035"),
    ("Abdi", "Faduma", date(1979, 3, 21), "1036"),
    ("Smith", "Robert", date(1955, 12, 8), "1037"),
    ("Haddad", "Layla", date(2009, 7, 14), "1038"),
)

MORNING = (
    (
        8,
        20,
        "15m transport nguyen an at 8:05: shuttle for 10/23 => ride confirmed !10/22 call driver",
    ),
    (8, 55, "5m missed visit ortiz luz at 8:40: cleaning on 10/20 => left voicemail"),
    (
        9,
        30,
        "25m referral o'brien-nunez at 9:00: endo for #30, records by fax => packet sent !10/28 ask endo",
    ),
    (
        9,
        58,
        "12m interpreter abdi faduma at 9:40: Somali, on site for the consult on 10/23 => interpreter booked",
    ),
    (10, 35, "20m education van der berg at 10:10: care of the new partial denture => teach-back done"),
)

DUE = (
    ("1034", -9, "second call after the missed visit"),
    ("1036", -2, "interpreter for Friday: confirm the hour"),
    ("1037", 0, "did endo send the report?"),
    ("1031", 0, "ride home after sedation"),
    ("1038", 2, "consent form from the mother"),
    ("1035", 6, "how is the denture wearing?"),
)


def furnish(home: Path) -> Desk:
    """A practice in the middle of a working day."""
    clock = FixedClock(NOW - timedelta(days=30))
    settings = read_settings({"CASEMGR_HOME": str(home)})
    desk = create_practice(
        settings.places,
        "Riverside Community Dental",
        ZONE.key,
        "mrivera",
        "Marisol Rivera",
        clock,
        passphrase=PASSPHRASE,
    )
    edit_staff(desk, EditStaff("mrivera", {"credential": "CDHC"}))
    allow_clear(desk)
    ids = {}
    for last, first, born, chart in PEOPLE:
        ids[chart] = add_patient(desk, AddPatient(last, first, born, chart)).patient.id
    for chart, days, what in DUE:
        add_follow_up(desk, AddFollowUp(NOW.date() + timedelta(days=days), what, ids[chart]))
    random = Random(4)
    for day in range(1, 21):
        clock.at = datetime(2026, 10, day, 17, 0, tzinfo=ZONE)
        if clock.at.weekday() < 5:
            for _ in range(random.randint(2, 9)):
                log_activity(
                    desk,
                    LogActivity(
                        ids[random.choice(PEOPLE)[3]],
                        random.choice(("referral", "transport", "education", "interpreter")),
                        clock.at.date(),
                        random.choice((5, 10, 15, 20, 25, 40)),
                        "left voicemail",
                    ),
                )
    for hour, minute, line in MORNING:
        clock.at = NOW.replace(hour=hour, minute=minute)
        log_activity(desk, wish_from_text(desk, line))
    clock.at = NOW - timedelta(minutes=12, seconds=31)
    start_timer(desk, ids["1030"], "referral")
    clock.at = NOW
    desk.close()
    return open_desk(settings, clock=clock)


async def draw(
    desk: Desk,
    size: tuple[int, int],
    *,
    light: bool = False,
    line: str = "",
    go: Go | None = None,
    keys: tuple[str, ...] = (),
) -> str:
    """A screen as SVG: with a line half typed, or at another place, after some keys."""
    app = CasemgrApp(desk)
    # The first pause lets the screen come up and the lane answer it.
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        if light:
            app.action_turn()
        entry = app.screen.query_one(EntryLine)
        entry.cursor_blink = False
        entry.value = line
        await settled(app, pilot)
        if go is not None:
            app.screen.post_message(go)
            await settled(app, pilot)
        for key in keys:
            await pilot.press(key)
            await settled(app, pilot)
        picture = app.export_screenshot(title="casemgr")
    app.lane.close()
    return picture


async def settled(app: CasemgrApp, pilot: Pilot[None]) -> None:
    """Wait until the lane has answered, and the screen has drawn what it said."""
    await pilot.pause(0.3)
    for _ in range(3):
        await app.lane.settled()
        await pilot.pause()


def demo(home: Path) -> Desk:
    """A desk in the demo practice, made on NOW."""
    settings = read_settings({"CASEMGR_HOME": str(home)})
    clock = FixedClock(NOW)
    make_demo(settings.places, lambda said: None, clock)
    return open_desk(settings, clock=clock)


def as_png(svg: str, ppi: float = 110) -> bytes:
    """SVG to PNG by the library that prints our documents, in the monospaced font that it brings."""
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: ?[^;]+;", 'font-family: "DejaVu Sans Mono";', svg)
    with TemporaryDirectory() as folder:
        drawn = Path(folder, "screen.svg")
        drawn.write_text(svg, encoding="utf-8")
        page = Path(folder, "page.typ")
        page.write_text(
            '#set page(width: auto, height: auto, margin: 0pt)\n#image("screen.svg")', encoding="utf-8"
        )
        png = typst.compile(str(page), format="png", ppi=ppi)
    assert isinstance(png, bytes)
    return png


def draw_claim(home: Path) -> bytes:
    """The first page and the checklist of a claim of the demo, side by side, as PNG."""
    desk = demo(home)
    desk.close()
    pdf = min((desk.places.exports / "claims-2026-09").glob("claim-*.pdf"))
    pages = [page.extract_text() for page in PdfReader(pdf).pages]
    checked = next(number for number, text in enumerate(pages, start=1) if "Documentation checklist" in text)
    (home / "claim.pdf").write_bytes(pdf.read_bytes())
    sheet = home / "sheet.typ"
    shown = ", ".join(
        f'box(fill: white, stroke: 0.4pt + gray, image("claim.pdf", page: {n}, width: 400pt))'
        for n in (1, checked)
    )
    sheet.write_text(
        "#set page(width: auto, height: auto, margin: 12pt, fill: luma(96%))\n"
        f"#grid(columns: 2, gutter: 12pt, {shown})",
        encoding="utf-8",
    )
    png = typst.compile(str(sheet), format="png", ppi=120)
    assert isinstance(png, bytes)
    return png


LINE = "20m referral garcia ana 2012: OS consult => booked 10/28 !10/26 confirm ride"


SCREENS: dict[str, tuple[Go, tuple[str, ...]]] = {
    "patient": (Go("patients", "1001"), ()),
    "claim-checks": (Go("claims"), ("left_square_bracket", *["down"] * 8, "enter")),
    "balances": (Go("claims"), ("b", "down")),
    "month": (Go("month"), ("left_square_bracket",)),
    "insights": (Go("insights"), ("left_square_bracket", "down", "down", "down", "down", "down", "down")),
}
"""Where each picture of the demo is taken, and the keys pressed there."""


def main() -> None:
    """Draw every picture."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as home:
        svg = asyncio.run(draw(furnish(Path(home)), (120, 40), line=LINE))
    (folder / "today.png").write_bytes(as_png(svg))
    for name, (go, keys) in SCREENS.items():
        with TemporaryDirectory() as home:
            desk = demo(Path(home))
            at = the_patient_id(desk, go.at) if go.place == "patients" else go.at
            svg = asyncio.run(draw(desk, (120, 36), go=Go(go.place, at), keys=keys))
        (folder / f"{name}.png").write_bytes(as_png(svg))
    with TemporaryDirectory() as home:
        (folder / "claim.png").write_bytes(draw_claim(Path(home)))


if __name__ == "__main__":
    main()
