"""The guide of the first start, killed while it makes something: that is whole, or not there."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from casemgr.core.rows import ActivityFilter
from casemgr.services.activities import listed
from casemgr.services.desk import open_desk
from casemgr.services.first_start import demo_places, is_first_start
from casemgr.settings import Settings, read_settings
from tests.services.support import assert_whole

if TYPE_CHECKING:
    from casemgr.settings import Places
    from tests.support import Cli

pytestmark = pytest.mark.torture

GUIDE = """
import asyncio, sys
from casemgr.clock import SystemClock
from casemgr.settings import read_settings
from casemgr.tui.screens.recovery import RecoveryScreen
from casemgr.tui.welcome import WelcomeApp

async def main(*keys):
    app = WelcomeApp(read_settings(), "", SystemClock())
    async with app.run_test() as pilot:
        await pilot.press(*keys[:-1])
        print("now", flush=True)
        await pilot.press(keys[-1])
        while app.return_value is None:
            await asyncio.sleep(0.01)
            if isinstance(app.screen, RecoveryScreen):
                # What comes after the practice is made is another matter.
                app.screen.dismiss(True)
    app.return_value.close()

asyncio.run(main(*sys.argv[1:]))
"""
PRACTICE = ("1", *"Riverside", "enter", *"Marisol", "f9", "f5", "f9")
DEMO = ("2",)
KILLED = 3
"""How often each is killed, and led to the end after that."""


def guide(cli: Cli, keys: tuple[str, ...], killed_after: float | None = None) -> None:
    """Lead through the guide with keys, and kill it so many seconds after the last one."""
    with subprocess.Popen(
        [sys.executable, "-c", GUIDE, *keys],
        env=cli.environ(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "now\n"
        if killed_after is not None:
            time.sleep(killed_after)
            process.send_signal(signal.SIGKILL)
    assert killed_after is not None or process.returncode == 0


def whole(places: Places, activities: bool) -> bool:
    """Whether there is something; what there is must be whole."""
    if is_first_start(places):
        return False
    with closing(open_desk(Settings(places, ""))) as desk:
        assert_whole(desk)
        assert desk.staff.id == desk.practice.owner
        assert bool(listed(desk, ActivityFilter(limit=1))) == activities
    return True


def test_a_practice_is_whole_or_not_there(run_cli: Cli) -> None:
    for number in range(KILLED):
        cli = replace(run_cli, home=run_cli.home / str(number))
        places = read_settings(cli.environ()).places
        guide(cli, PRACTICE, random.uniform(0.0, 0.15))
        if not whole(places, activities=False):
            guide(cli, PRACTICE)
        assert whole(places, activities=False)


def test_the_demo_is_whole_or_not_there_and_never_in_the_practices_place(run_cli: Cli) -> None:
    for number in range(KILLED):
        cli = replace(run_cli, home=run_cli.home / str(number))
        places = read_settings(cli.environ()).places
        guide(cli, DEMO, random.uniform(0.0, 1.5))
        assert is_first_start(places)
        if not whole(demo_places(places), activities=True):
            guide(cli, DEMO)
        assert whole(demo_places(places), activities=True)
        assert [path.name for path in cli.home.iterdir()] == ["demo"]
