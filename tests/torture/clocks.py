"""Clocks set back and forth, days on which the hour changes, and other time zones of machine and practice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.support import PASSPHRASE_FILE
from tests.torture.arena import NOW
from tests.torture.catalog import reach
from tests.torture.judge import ids
from tests.torture.runner import Tally

if TYPE_CHECKING:
    from tests.torture.arena import Arena, Done
    from tests.torture.runner import Bench

NEW_YORK = ZoneInfo("America/New_York")
ZONES = ("UTC", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Lisbon")
YEARS = 3 * 365 * 86_400
UNLOCKED = {"CASEMGR_PASSPHRASE_FILE": str(PASSPHRASE_FILE)}
"""What a session keeps open for hours is over when the clock is set on."""


SPRING = datetime(2026, 3, 8, 7, tzinfo=UTC)
AUTUMN = datetime(2026, 11, 1, 6, tzinfo=UTC)
"""The instants at which New York changes its hour."""


def set_clocks(bench: Bench) -> Tally:
    """Set clocks and zones in each way, on a practice of its own for each."""
    tally = Tally()
    arena = bench.arena("clocks")
    for work in bench.mine((jump, time_across, date_work, move_practice, outside)):
        reach(arena, "office")
        work(bench, tally, arena)
        found = arena.examine(env=UNLOCKED)
        tally.unverified += bool(found.problems)
        tally.note(*found.problems)
        bench.tell(tally)
    return tally


def count(tally: Tally, done: Done, what: str, codes: frozenset[int] = frozenset({0})) -> bool:
    """Count a command; whether it was done."""
    tally.tried += 1
    tally.acknowledged += not done.code
    if done.traceback:
        tally.tracebacks += 1
    elif done.code not in codes:
        tally.other += 1
    else:
        return not done.code
    tally.note(f"{what}: {done.code}: {done.stderr[-300:]}")
    return False


def expect(tally: Tally, found: object, wanted: object, what: str) -> None:
    """Count a wrong answer."""
    if found != wanted:
        tally.other += 1
        tally.note(f"{what}: {found}, not {wanted}")


def jump(bench: Bench, tally: Tally, arena: Arena) -> None:
    """Log while the clock jumps by up to three years; the ledger's order holds all the same."""
    told: list[str] = []
    minutes = 0
    while len(told) < 40 and not bench.out_of_time:
        at = NOW + bench.chance.uniform(-YEARS, YEARS)
        zone = bench.chance.choice(ZONES)
        worked = bench.chance.randint(1, 99)
        day = datetime.fromtimestamp(at, NEW_YORK).date()
        line = f"{worked}m ride #1030 {day.isoformat()}: on {day.isoformat()} => ride confirmed"
        done = arena.run("log", line, "--json", now=at, env={**UNLOCKED, "TZ": zone})
        if count(tally, done, f"clock at {day}"):
            minutes += worked
            told += ids(done.json)
    found = arena.examine(env=UNLOCKED)
    tally.lost += len(set(told) - found.ids)
    rows: Any = arena.run(
        "activity", "list", "--search", "on", "--limit", "1000", "--json", env=UNLOCKED
    ).json
    expect(tally, sum(row["minutes"] for row in rows if row["id"] in told), minutes, "minutes")


def time_across(bench: Bench, tally: Tally, arena: Arena) -> None:
    """Time work across the change of the hour, and with the clock set back under the timer."""
    for change in (SPRING, AUTUMN):
        for before, after in ((10, 10), (50, 15), (0, 30), (70, 5)):
            began, ended = change - timedelta(minutes=before), change + timedelta(minutes=after)
            timed(tally, arena, began, ended, before + after)
    noon = datetime(2026, 11, 21, 17, tzinfo=UTC)
    # A clock that is set back leaves no time that was worked: it is asked for, or the shortest there is.
    for back in (5, 60, 60 * 24 * 400):
        timed(tally, arena, noon, noon - timedelta(minutes=back), None)


def timed(tally: Tally, arena: Arena, began: datetime, ended: datetime, minutes: int | None) -> None:
    """Start a timer and stop it; so many minutes must have been timed, or any that are sound."""
    what = f"timer from {began:%m-%d %H:%M} to {ended:%m-%d %H:%M} UTC"
    start = ("timer", "start", "rides", "--patient", "1030", "--kind", "ride")
    count(tally, arena.run(*start, now=began.timestamp(), env=UNLOCKED), what)
    stop = ("timer", "stop", "--json", "=> ride confirmed")
    sound = frozenset({0}) if minutes else frozenset({0, 3, 5})
    done = arena.run(*stop, now=ended.timestamp(), env=UNLOCKED)
    logged: Any = done.json
    if count(tally, done, what, sound):
        local = began.astimezone(NEW_YORK)
        if minutes:
            expect(tally, logged["minutes"], minutes, f"{what}: minutes")
            expect(tally, logged["service_date"], f"{local:%Y-%m-%d}", f"{what}: service date")
            expect(tally, logged["start"], f"{local:%H:%M}", f"{what}: start")
        else:
            expect(tally, 1 <= logged["minutes"] <= 720, True, f"{what}: minutes")
    else:
        arena.run("timer", "discard", now=ended.timestamp(), env=UNLOCKED)


def date_work(bench: Bench, tally: Tally, arena: Arena) -> None:
    """Log around midnight and around both changes; the service date is the practice's own."""
    moments = [change + timedelta(minutes=5 * off) for change in (SPRING, AUTUMN) for off in (-13, -1, 0, 11)]
    moments += [datetime(2026, month, 10, 4, 30, tzinfo=UTC) for month in (1, 7)]
    moments += [datetime(2026, month, 10, 5, 1, tzinfo=UTC) for month in (1, 7)]
    for number, moment in enumerate(moments):
        zone = ZONES[number % len(ZONES)]
        done = arena.run(
            "log",
            "5m ride #1030: asked => ride confirmed",
            "--json",
            now=moment.timestamp(),
            env={**UNLOCKED, "TZ": zone},
        )
        logged: Any = done.json
        if count(tally, done, f"{moment} in {zone}"):
            local = moment.astimezone(NEW_YORK)
            expect(tally, logged["service_date"], f"{local:%Y-%m-%d}", f"{moment} in {zone}: service date")
    # Half past two is no time on that Sunday, and half past one is two: both can be what somebody wrote down.
    for day, start in (("3/8/2026", "2:30am"), ("11/1/2026", "1:30am")):
        line = f"5m ride #1030 {day} {start}: asked => ride confirmed"
        done = arena.run("log", line, "--json", env=UNLOCKED)
        if count(tally, done, line, frozenset({0, 3})):
            told: Any = done.json
            expect(tally, told["minutes"], 5, line)


def move_practice(bench: Bench, tally: Tally, arena: Arena) -> None:
    """Change the practice's own time zone between commands; what is logged from then on has its dates."""
    for number, zone in enumerate(("Pacific/Honolulu", "Asia/Tokyo", "America/New_York")):
        count(tally, arena.run("practice", "edit", "--timezone", zone), zone)
        moment = datetime(2026, 11, 21, 3 + 6 * number, 30, tzinfo=UTC)
        done = arena.run(
            "log", "5m ride #1030: moved => ride confirmed", "--json", now=moment.timestamp(), env=UNLOCKED
        )
        logged: Any = done.json
        if count(tally, done, f"log in {zone}"):
            local = moment.astimezone(ZoneInfo(zone))
            expect(tally, logged["service_date"], f"{local:%Y-%m-%d}", f"service date in {zone}")


def outside(bench: Bench, tally: Tally, arena: Arena) -> None:
    """A clock that cannot be meant is refused in plain words, and nothing is saved."""
    before = arena.examine()
    for year in (1970, 1999, 2100, 2240):
        moment = datetime(year, 6, 1, tzinfo=UTC)
        done = arena.run(
            "log", "5m ride #1030 11/20/2026: asked => ride confirmed", now=moment.timestamp(), env=UNLOCKED
        )
        count(tally, done, f"the year {year}", frozenset({3}))
    expect(tally, arena.examine(env=UNLOCKED).shape, before.shape, "after years that cannot be")
