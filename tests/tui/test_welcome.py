"""The first start: a guide to a practice, the first patient and the first activity, or to the demo."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from casemgr.clock import FixedClock
from casemgr.core.commands import AddPatient
from casemgr.core.rows import ActivityFilter
from casemgr.services.activities import listed
from casemgr.services.desk import Desk, open_desk
from casemgr.services.entries import wish_from_text
from casemgr.services.first_start import demo_places, example_line, is_first_start, make_demo_apart
from casemgr.services.patients import add_patient
from casemgr.services.setup import create_practice, likely_zone
from casemgr.tui.app import CasemgrApp
from casemgr.tui.screens.first_day import FirstDay, FirstPatientScreen
from casemgr.tui.screens.secret import SecretScreen
from casemgr.tui.screens.setting_up import ChoiceScreen, PracticeScreen
from casemgr.tui.screens.today import TodayScreen
from casemgr.tui.welcome import WelcomeApp
from casemgr.tui.widgets.entry import EXAMPLE, EntryLine
from casemgr.tui.widgets.go_on import GoOn
from tests.services.support import log
from tests.support import PASSPHRASE
from tests.tui.conftest import Face
from tests.tui.guide import Guide, guided

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from casemgr.settings import Settings
    from tests.tui.guide import Guided

    Begun = Callable[..., AbstractAsyncContextManager[Face]]

__all__ = ["guided"]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 10, 21, 12, 0, tzinfo=ZoneInfo("America/New_York")))


@pytest.fixture
def begun(settings: Settings, clock: FixedClock) -> Begun:
    """Opens the terminal UI on a practice that has nothing yet."""

    @asynccontextmanager
    async def open_it(width: int = 80, height: int = 24) -> AsyncIterator[Face]:
        desk = create_practice(
            settings.places,
            "Riverside",
            "America/New_York",
            "mrivera",
            "Marisol",
            clock,
            passphrase=PASSPHRASE,
        )
        app = CasemgrApp(open_desk(settings, clock=clock), begins=True)
        try:
            async with app.run_test(size=(width, height), notifications=True) as pilot:
                await pilot.pause()
                face = Face(app, pilot, desk)
                await face.settle()
                yield face
        finally:
            app.lane.close()
            desk.close()

    return open_it


async def test_it_says_what_can_be_done_and_where(guided: Guided, home: Path) -> None:
    async with guided() as guide:
        for words in ("no practice here yet", "Set up my practice", "demo", "Leave"):
            assert words in guide.seen()
        assert str(home / "data") in guide.text("#kept")
        await guide.press("q")
    assert guide.app.return_value is None
    assert not home.exists()


async def test_a_practice_is_made_whole_from_a_few_fields(guided: Guided, settings: Settings) -> None:
    async with guided() as guide:
        await guide.press("1")
        assert str(settings.places.database) in guide.text("#kept")
        guide.write(
            name="Riverside Community Dental", owner_name="Marisol Rivera", credential="CDHC",
            time_zone="America/Chicago", login="marisol",
        )  # fmt: skip
        await guide.press("ctrl+s")
        await guide.secure()
    desk = guide.app.return_value
    assert desk is not None
    assert desk.clock is guide.app.clock
    again = open_desk(settings)
    assert (again.practice.name, again.practice.time_zone) == (
        "Riverside Community Dental",
        "America/Chicago",
    )
    assert (again.staff.id, again.staff.name, again.staff.credential) == ("marisol", "Marisol Rivera", "CDHC")
    again.close()


async def test_enter_leads_through_the_fields_to_the_last_step(guided: Guided, settings: Settings) -> None:
    async with guided() as guide:
        await guide.press("1", *"Riverside", "enter", *"Marisol Rivera", "enter", *["enter"] * 3)
        assert isinstance(guide.app.focused, GoOn)
        await guide.press("enter")
        await guide.secure()
    assert guide.app.return_value is not None
    again = open_desk(settings)
    assert (again.practice.name, again.staff.id) == ("Riverside", "mrivera")
    assert again.practice.time_zone == likely_zone()
    again.close()


async def test_a_login_is_proposed_until_somebody_writes_one(guided: Guided) -> None:
    async with guided() as guide:
        await guide.press("1", "tab", *"Ana Ruiz")
        assert guide.value("login") == "aruiz"
        await guide.press("backspace", *"z-Díaz, RDH")
        assert guide.value("login") == "adiaz"
        guide.write(login="ana")
        await guide.press(*"!")
        assert guide.value("login") == "ana"


async def test_whoever_was_named_is_proposed(settings: Settings, clock: FixedClock) -> None:
    for app in (
        WelcomeApp(settings, "tchen", clock),
        WelcomeApp(replace(settings, staff="tchen"), "", clock),
    ):
        async with app.run_test() as pilot:
            await pilot.press("1", "tab", *"Marisol Rivera")
            assert isinstance(app.screen, PracticeScreen)
            assert app.screen.row("login").text == "tchen"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "this is needed"),
        ("owner_name", " ", "this is needed"),
        ("time_zone", "America/NewYork", "did you mean America/New_York"),
        ("login", "m rivera", "cannot be a login"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    guided: Guided, home: Path, field: str, value: str, said: str
) -> None:
    async with guided() as guide:
        await guide.press("1")
        right = {"name": "Riverside", "owner_name": "Marisol", "time_zone": "America/New_York", "login": "m"}
        guide.write(**{**right, field: value})
        await guide.press("f9")
        page = guide.app.screen
        assert isinstance(page, PracticeScreen)
        assert guide.app.focused is page.row(field).edited
        lines = guide.seen().splitlines()
        place = next(at for at, line in enumerate(lines) if page.row(field).spec.label in line)
        assert said in " ".join(" ".join(lines[place + 1 : place + 3]).split())
        assert not home.exists()

        guide.write(**right)
        await guide.press("f9")
        assert isinstance(guide.app.screen, SecretScreen)
        assert not home.exists()


async def test_back_makes_nothing_and_keeps_what_was_written(guided: Guided, home: Path) -> None:
    async with guided() as guide:
        await guide.press("1", *"Riverside", "escape")
        assert isinstance(guide.app.screen, ChoiceScreen)
        await guide.press("1")
        assert "Riverside" in guide.seen()
        await guide.press("escape", "escape")
    assert guide.app.return_value is None
    assert not home.exists()


async def test_the_demo_has_a_folder_of_its_own(guided: Guided, settings: Settings, home: Path) -> None:
    async with guided() as guide:
        await guide.press("2")
    desk = guide.app.return_value
    assert desk is not None
    assert desk.places == demo_places(settings.places)
    assert [path.name for path in home.iterdir()] == ["demo"]
    assert is_first_start(settings.places)

    async with guided() as guide:
        await guide.press("2")
        assert isinstance(guide.app.return_value, Desk)
        assert listed(guide.app.return_value, ActivityFilter(limit=1))


async def test_whoever_cannot_wait_for_the_demo_gets_back(
    settings: Settings, clock: FixedClock, home: Path
) -> None:
    going_on = Event()

    class Slow(FixedClock):
        def now(self) -> int:
            assert going_on.wait(60)
            return super().now()

    app = WelcomeApp(settings, "", Slow(clock.at))
    async with app.run_test(size=(80, 24)) as pilot:
        guide = Guide(app, pilot)
        await pilot.press("2", "escape")
        assert "Stopping" in guide.seen()
        going_on.set()
        await guide.press()
        assert isinstance(app.screen, ChoiceScreen)
        assert list(home.iterdir()) == []
    assert app.return_value is None


def test_a_demo_that_is_stopped_leaves_nothing(settings: Settings, home: Path, clock: FixedClock) -> None:
    class Enough(Exception):
        pass

    def stop(words: str) -> None:
        if words.startswith("Putting"):
            raise Enough

    with pytest.raises(Enough):
        make_demo_apart(settings.places, stop, clock)
    assert list(home.iterdir()) == []


def test_only_where_nothing_was_lost_is_it_the_first_start(settings: Settings, desk: Desk) -> None:
    assert not is_first_start(settings.places)
    settings.places.backups.mkdir(exist_ok=True)
    kept = settings.places.backups / "casemgr-2026-10-21.db"
    kept.write_bytes(b"x")
    settings.places.database.rename(settings.places.data / "elsewhere.db")
    assert not is_first_start(settings.places)
    kept.rename(settings.places.data / "casemgr-before-0002-12.db")
    assert not is_first_start(settings.places)
    (settings.places.data / "casemgr-before-0002-12.db").unlink()
    assert is_first_start(settings.places)


async def test_a_new_practice_leads_to_the_first_activity(begun: Begun) -> None:
    async with begun() as face:
        assert isinstance(face.app.screen, FirstPatientScreen)
        await face.press(*"Nguyen", "enter", *"An", "enter", *"11/30/61", *["enter"] * 4)
        assert isinstance(face.app.focused, GoOn)
        await face.press("enter")

        assert isinstance(face.app.screen, FirstDay)
        line = face.app.screen.query_one(EntryLine)
        assert face.app.focused is line
        assert line.placeholder.startswith("20m referral Nguyen An: ")
        assert "added: Nguyen, An 11/30/1961 #1001" in face.text("Preview")
        assert "Enter saves it" in face.text("Preview")

        await face.press(*"20m referral ngu")
        assert line.placeholder in face.seen(), "the example stays while one writes"
        await face.press(*"yen: bridge => booked")
        assert "✓" in face.text("Preview")
        await face.press("enter")
        (row,) = face.logged()
        assert (row.patient, row.minutes, row.kind) == ("Nguyen, An", 20, "referral")
        assert face.deeds()[-2:] == [("add", "patient"), ("log", "activity")]
        assert face.text("Foot").endswith("saved 12:00:00 ✓")
        assert "Your first activity is logged" in face.seen()
        assert line.placeholder == EXAMPLE


async def test_the_patient_can_wait(begun: Begun) -> None:
    async with begun() as face:
        await face.press(*"Ng", "escape")
        assert isinstance(face.app.screen, FirstDay)
        assert "a adds the first one" in face.text("Preview")
        await face.press("a")
        assert isinstance(face.app.screen.app.screen_stack[-2], FirstPatientScreen), "a draft is offered"
        await face.press("enter", *"11/30/61", "f9")
        assert isinstance(face.app.screen, FirstDay)
        assert face.app.screen.query_one(EntryLine).placeholder.startswith("20m referral Ng: ")


async def test_what_another_program_adds_is_enough(begun: Begun) -> None:
    async with begun() as face:
        await face.press("escape")
        add_patient(face.desk, AddPatient("Garcia", "Ana", date(2012, 4, 9)))
        page = face.app.screen
        assert isinstance(page, FirstDay)
        page.feel()
        await face.settle()
        assert page.query_one(EntryLine).placeholder.startswith("20m referral Garcia Ana")


async def test_where_work_was_logged_today_begins_as_always(
    desk: Desk, settings: Settings, clock: FixedClock
) -> None:
    log(desk, "5m education #1030: brushing => teach-back done")
    clock.at += timedelta(days=90)
    app = CasemgrApp(open_desk(settings, clock=clock), begins=True)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert type(app.screen) is TodayScreen
    app.lane.close()


async def test_a_first_start_that_was_cut_short_goes_on_where_it_was(
    desk: Desk, settings: Settings, clock: FixedClock
) -> None:
    app = CasemgrApp(open_desk(settings, clock=clock), begins=True)
    async with app.run_test() as pilot:
        face = Face(app, pilot, desk)
        await face.settle()
        assert isinstance(app.screen, FirstDay)
        assert app.screen.query_one(EntryLine).placeholder.startswith("20m referral #1031")
    app.lane.close()


@pytest.mark.parametrize("name", ["Garcia", "O'Brien-Núñez", "Li: Wei", "von 20m Berg", "نور", "山田"])
def test_the_example_is_understood_whatever_the_name(desk: Desk, name: str) -> None:
    added = add_patient(desk, AddPatient(name, "Mary Jo", date(1970, 1, 5))).patient
    assert wish_from_text(desk, example_line(desk, added.id)).patient_id == added.id
