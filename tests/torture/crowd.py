"""Fifty programs at once, reading and writing, while somebody types in the terminal UI."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any

from tests.torture.arena import NOW, forked
from tests.torture.catalog import BATCH, reach
from tests.torture.judge import ids
from tests.torture.runner import Tally, wait_for

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.torture.arena import Arena
    from tests.torture.catalog import Facts
    from tests.torture.runner import Bench

PROGRAMS = 50
FULL_SECONDS = 300.0
PATIENCE_SECONDS = 150.0
"""Longer than anybody waits for the others before they are told."""
SEEN_SECONDS = 60.0
"""The terminal UI looks every two seconds; the machine may be slow."""
TYPED = "typed here"
STOP, STILL, COUNT, FACE = "stop", "still", "count", "face.json"
"""Files by which the terminal UI is told to type no more, says that it does not, hears how many activities
there are, and says what it shows."""
HELD = 7
"""The exit code of who waited for a minute, and was told so."""
SAID_ALREADY = "says this already"
"""What an amendment is told that by chance changes nothing."""

WRITES = (
    (14, ("log", "10m ride #1030: number {mark} => ride confirmed !tomorrow confirm", "--json")),
    (2, ("log", "--batch", "--json")),
    (2, ("patient", "add", "Crowd{mark}, Pat", "1/5/1990", "--json")),
    (2, ("follow-up", "add", "tomorrow", "call {mark}", "--json")),
    (1, ("activity", "amend", "{rode}", "--minutes", "{minutes}", "--reason", "counted", "--json")),
    (1, ("backup", "make", "copy-{mark}.db", "--json")),
    (1, ("export", "month", "2026-10", "-o", "month-{mark}.xlsx", "--json")),
)
READS = (
    (5, ("activity", "list", "--limit", "20", "--json")),
    (3, ("follow-up", "list", "--json")),
    (2, ("patient", "show", "1030", "--json")),
    (2, ("report", "month", "2026-11", "--json")),
    (2, ("activity", "list", "--search", "number", "--limit", "20", "--json")),
    (1, ("ledger", "list", "--limit", "20", "--json")),
    (1, ("verify", "--json")),
)
"""How often each is given, in comparison to the others."""


def run_crowd(bench: Bench) -> Tally:
    """Let all of them work for a while; then everything acknowledged is there, and the screen shows it."""
    tally = Tally()
    arena = bench.arena("crowd")
    facts = reach(arena, "office")
    seconds = FULL_SECONDS if bench.full else max(5.0, bench.seconds * 0.7)
    until = time.monotonic() + seconds
    results = bench.memory / "crowd"
    results.mkdir(exist_ok=True)
    face = forked(lambda: sit(arena, results))
    programs = {
        number: forked(lambda number=number: work(arena, facts, bench.seed * 1000 + number, until, results))  # type: ignore[misc]
        for number in range(PROGRAMS)
    }
    codes = [wait_for(process) for process in programs.values()]
    (results / STOP).touch()
    wait_for_file(results / STILL)
    last = arena.run("log", "10m ride #1030: the very last => ride confirmed", "--json")
    found = arena.examine()
    put(results / COUNT, str(today(arena)))
    codes.append(wait_for(face))
    if any(codes):
        raise RuntimeError(f"the crowd itself failed, with {codes}")
    told: set[str] = set(ids(last.json))
    for path in sorted(results.glob("program-*.json")):
        count_of(tally, json.loads(path.read_text("utf-8")), told)
    tally.tried, tally.acknowledged = tally.tried + 1, tally.acknowledged + 1
    lost = told - found.ids
    tally.lost += len(lost)
    tally.unverified += len(found.problems)
    tally.note(*(f"lost: {one}" for one in sorted(lost)), *found.problems)
    seen = json.loads((results / FACE).read_text("utf-8"))
    count_face(tally, arena, seen)
    tally.more |= {
        "programs": PROGRAMS,
        "seconds": round(seconds),
        "lines typed in the terminal UI": seen["typed"],
    }
    return tally


def today(arena: Arena) -> int:
    """How many activities there are today."""
    rows: Any = arena.run("activity", "list", "--from", "11/21/2026", "--limit", "100000", "--json").json
    return len(rows)


def count_of(tally: Tally, one: dict[str, Any], told: set[str]) -> None:
    """Count what a program said."""
    tally.tried += one["tried"]
    tally.acknowledged += one["acknowledged"]
    tally.tracebacks += one["tracebacks"]
    tally.other += one["other"]
    tally.more["were told to do it again"] = tally.more.get("were told to do it again", 0) + one["refused"]
    tally.note(*one["notes"])
    told.update(one["ids"])


def count_face(tally: Tally, arena: Arena, seen: dict[str, Any]) -> None:
    """Count what was typed and shown in the terminal UI."""
    rows: Any = arena.run("activity", "list", "--search", TYPED, "--limit", "100000", "--json").json
    tally.tried += seen["typed"]
    tally.acknowledged += seen["typed"]
    if len(rows) != seen["typed"]:
        tally.lost += max(1, seen["typed"] - len(rows))
        tally.note(f"typed {seen['typed']}, and {len(rows)} are there")
    if not seen["newest"]:
        tally.other += 1
        tally.note(f"the terminal UI does not show the newest:\n{seen['screen']}")


def work(arena: Arena, facts: Facts, seed: int, until: float, results: Path) -> None:
    """One program: a command after the other."""
    chance = Random(seed)
    said: dict[str, Any] = {
        "tried": 0,
        "acknowledged": 0,
        "tracebacks": 0,
        "other": 0,
        "refused": 0,
        "notes": [],
        "ids": [],
    }
    choices = (*WRITES, *READS)
    number = 0
    while time.monotonic() < until:
        number += 1
        words = chance.choices([one for _, one in choices], [weight for weight, _ in choices])[0]
        facts |= {"mark": f"{seed}x{number}", "minutes": str(chance.randint(1, 99))}
        stdin = BATCH if "--batch" in words else ""
        done = arena.start(*facts.filled(words), stdin=stdin).wait(PATIENCE_SECONDS)
        said["tried"] += 1
        said["tracebacks"] += done.traceback
        if done.code == HELD or SAID_ALREADY in done.stderr:
            said["refused"] += 1
        elif done.code:
            said["other"] += not done.traceback
            said["notes"].append(f"{' '.join(words)}: {done.code}: {done.stderr[-300:]}")
        elif any(words is one for _, one in WRITES):
            said["acknowledged"] += 1
            said["ids"] += ids(done.json)
    (results / f"program-{seed}.json").write_text(json.dumps(said), "utf-8")


def put(path: Path, text: str) -> None:
    """Write a file that appears whole."""
    path.with_suffix(".part").write_text(text, "utf-8")
    path.with_suffix(".part").rename(path)


def wait_for_file(path: Path) -> None:
    """Wait until another process has made a file."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not path.exists():
        if time.monotonic() > until:
            raise TimeoutError(path.name)
        time.sleep(0.05)


def sit(arena: Arena, results: Path) -> None:
    """Sit at the terminal UI: type now and then, and at the end wait for the newest to be shown."""
    arena.settle(NOW)
    from casemgr.services.desk import open_desk
    from casemgr.settings import read_settings
    from casemgr.tui.app import CasemgrApp

    app = CasemgrApp(open_desk(read_settings()))

    def screen() -> str:
        strips = app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    async def type_line(pilot: Pilot[None], number: int) -> None:
        from casemgr.tui.widgets.entry import EntryLine

        line = app.screen.query_one(EntryLine)
        line.value = f"7m ride #1030: {TYPED} {number} => ride confirmed"
        line.focus()
        for _ in range(200):
            await pilot.pause(0.1)
            if not line.value:
                return
            await pilot.press("enter")
        raise RuntimeError(screen())

    async def main() -> None:
        typed = 0
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.pause(1)
            while not (results / STOP).exists():
                await type_line(pilot, typed)
                typed += 1
                await pilot.pause(0.5)
            (results / STILL).touch()
            while not (results / COUNT).exists():
                await pilot.pause(0.1)
            wanted = f"{int((results / COUNT).read_text()):,} activities"
            ends = time.monotonic() + SEEN_SECONDS
            while wanted not in screen() and time.monotonic() < ends:
                await pilot.pause(0.2)
            told = {"typed": typed, "newest": wanted in screen(), "screen": screen()}
            (results / FACE).write_text(json.dumps(told), "utf-8")

    try:
        asyncio.run(main())
    finally:
        with suppress(Exception):
            app.lane.close()
