"""Every reader of what comes from outside, each as a function of bytes that may refuse them and nothing else.

Whatever else one raises is a crash. What writes is looked at afterwards: a refusal must have left nothing.
"""

from __future__ import annotations

import atexit
import io
import shutil
import tempfile
import zipfile
from contextlib import suppress
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from casemgr.cli.log import batch_wish
from casemgr.clock import FixedClock
from casemgr.core.answer_text import parse_adjustment, parse_answered, parse_key
from casemgr.core.codes import Codes
from casemgr.core.commands import AddPatient, LogActivity
from casemgr.core.content import parse_toml, read_content
from casemgr.core.dates import Month, parse_birth_date, parse_clock_time, parse_date
from casemgr.core.entry import read_follow_up, understand
from casemgr.core.holes import find_holes, misshapen
from casemgr.core.kinds import Kinds
from casemgr.core.minutes import check_minutes, parse_minutes
from casemgr.core.money import parse_cents
from casemgr.core.payers import Payers
from casemgr.core.people import read_person
from casemgr.core.preferences_file import read_preferences
from casemgr.core.profiles import read_profile
from casemgr.core.reasons import Reasons
from casemgr.core.recipients import RecipientBook
from casemgr.core.rows import ActivityFilter
from casemgr.core.sources import ROW_TYPES
from casemgr.core.template import parse_template
from casemgr.documents.enclosures import examine
from casemgr.documents.settings_file import with_setting
from casemgr.errors import CasemgrError, ParseError
from casemgr.intake.billing_table import read_billing
from casemgr.intake.people import PatientContext, StaffContext, read_patients, read_staff
from casemgr.intake.remittance_835 import parse_835
from casemgr.intake.remittance_table import RemittanceContext, read_remittance_table
from casemgr.intake.rows import read_log
from casemgr.intake.tables import tables_in
from casemgr.intake.vocabulary import VocabularyFile, load_vocabulary
from casemgr.resources import content_text
from casemgr.services.activities import append_activity, listed
from casemgr.services.importing import import_log
from casemgr.services.importing_people import import_patients
from casemgr.services.importing_remittances import import_remittances
from casemgr.services.patients import add_patient
from casemgr.services.patients import listed as patients_listed
from casemgr.services.setup import create_practice
from casemgr.settings import read_settings
from casemgr.store.key_slots import parse_slots
from casemgr.store.unlocked import kept, runtime_folder
from tests.documents.enclosed import filled_form, jpeg, pdf, png
from tests.intake.bombs import ods
from tests.intake.support import FORMATS, PRACTICE, practice_context
from tests.services.support import length
from tests.support import PASSPHRASE, ROOT, folder_in_memory

if TYPE_CHECKING:
    from collections.abc import Callable

    from casemgr.services.desk import Desk

REMITTANCES = ROOT / "tests" / "data" / "remittances"
TODAY = date(2026, 11, 21)
MOST_LINES = 12
"""Of a table that others are made of."""
REFUSALS = (CasemgrError, ParseError)
"""All that may come out of a reader."""


class PartlyWritten(AssertionError):
    """What was refused has left something all the same."""


class Reader(NamedTuple):
    """A reader."""

    title: str
    read: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]
    """Whole inputs, of which others are made."""
    writes: bool = False
    slow: int = 1
    """How many times as long as the others it takes over an input."""


def attempt(reader: Reader, data: bytes) -> bool:
    """Read; whether it was taken.

    Raises:
        whatever is no refusal in plain words.
    """
    try:
        reader.read(data)
    except REFUSALS:
        return False
    return True


def text_of(data: bytes) -> str:
    """Bytes as a text: what is no UTF-8 becomes halves of characters, as it does on the command line."""
    return data.decode("utf-8", "surrogateescape")


# What is typed.


def entry(data: bytes) -> None:
    """The one line."""
    context = practice_context()
    understand(text_of(data), TODAY, context.kinds, context.patients)


def values(data: bytes) -> None:
    """Dates, months, times, minutes, money, follow-ups and adjustments, of which most refuse most."""
    text = text_of(data)
    for read in (
        lambda: parse_date(text, TODAY),
        lambda: parse_date(text, TODAY, "future"),
        lambda: parse_birth_date(text, TODAY),
        lambda: parse_clock_time(text),
        lambda: Month.parse(text),
        lambda: check_minutes(parse_minutes(text)),
        lambda: parse_cents(text),
        lambda: read_follow_up(text, TODAY),
        lambda: parse_adjustment(text),
        lambda: parse_key(text, TODAY),
        lambda: parse_answered(text, TODAY),
    ):
        try:
            read()
        except REFUSALS:
            continue


def search(data: bytes) -> None:
    """What is searched for, among patients and in the log."""
    text, desk = text_of(data), practice()
    with suppress(ParseError):
        read_person(text, TODAY)
    listed(desk, ActivityFilter(search=text))
    patients_listed(desk, text)


def templates(data: bytes) -> None:
    """Sentences and notes with holes."""
    text = text_of(data)
    find_holes(text)
    misshapen(text)
    # A content file that has such a sentence is refused in these words.
    with suppress(ValueError):
        parse_template(text).fill({"a": "b"})


def batch(data: bytes) -> None:
    """A line of a JSON batch, saved as far as it can be and taken back."""
    desk = practice()
    wish = batch_wish(desk, 1, text_of(data))
    assert isinstance(wish, LogActivity)
    with desk.write(dry_run=True) as tx:
        append_activity(desk, tx, wish)


# Files.


# Reading them anew for each input would take longer than all the rest.
words_for = cache(load_vocabulary)


def table(name: str, data: bytes) -> None:
    """A table, read as everything that it might be."""
    file = tables_in(name, data)
    context = practice_context()
    for read in (
        lambda: read_log(file, context),
        lambda: read_patients(file, PatientContext(TODAY, (), words_for("patients"))),
        lambda: read_staff(file, StaffContext({}, words_for("staff"))),
        lambda: read_remittance_table(file, RemittanceContext(TODAY, words_for("remittance"))),
        lambda: read_billing(file, words_for("billing"), TODAY),
    ):
        try:
            read()
        except REFUSALS:
            continue


def zipped_table(name: str, source: bytes, data: bytes) -> None:
    """A zipped table: as it is, or one of its parts put into a sound one, which the first byte chooses."""
    if not data.startswith(b"PK"):
        data = with_part(source, data[:1], data[1:])
    table(name, data)


def with_part(source: bytes, which: bytes, content: bytes) -> bytes:
    """A sound workbook with one part exchanged."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(source)) as sound,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        names = sorted(sound.namelist())
        chosen = names[sum(which) % len(names)]
        for name in names:
            package.writestr(name, content if name == chosen else sound.read(name))
    return packed.getvalue()


def zip_seeds(source: bytes) -> list[bytes]:
    """A workbook, and each of its parts with the byte that chooses it."""
    with zipfile.ZipFile(io.BytesIO(source)) as package:
        parts = [
            bytes([at]) + package.read(name)[:60_000] for at, name in enumerate(sorted(package.namelist()))
        ]
    return [source, *parts]


def small_ods() -> bytes:
    """A log of one row, of which more is tried in the time than of a month's."""
    filled = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    rows = (
        ("Date", "Patient", "Type", "Mins", "Staff", "Outcome"),
        ("10/19/2026", "#1030", "Referral", "20", "mrivera", "booked"),
    )
    cells = ("".join(filled.format("", text) for text in row) for row in rows)
    return ods(
        "".join(
            f'<table:table-row table:number-rows-repeated="1">{row}'
            '<table:table-cell table:number-columns-repeated="16378"/></table:table-row>'
            for row in cells
        )
        + '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row>'
    )


def content(data: bytes) -> str:
    """A content file's text, read as every one is."""
    path = scratch() / "own.toml"
    path.write_bytes(data)
    return content_text(path)


def toml(data: bytes) -> None:
    """A content file, taken for each kind of content in turn."""
    text = content(data)
    raw, place = parse_toml(text, "own.toml"), Path("own.toml")
    for read in (
        lambda: Kinds.load([(place, raw)]),
        lambda: Codes.load([(place, raw)]),
        lambda: Payers.load([(place, raw)], practice_context().kinds),
        lambda: Reasons.load([(place, raw)]),
        lambda: read_profile(text, "own.toml", ROW_TYPES),
        lambda: read_content(VocabularyFile, raw, place),
        lambda: read_content(RecipientBook, raw, place),
    ):
        try:
            read()
        except REFUSALS:
            continue


def settings(data: bytes) -> None:
    """The settings file, read and changed."""
    text = content(data)
    read_preferences(parse_toml(text, "settings.toml"))
    with_setting(text, ("theme",), "dark")
    with_setting(text, ("keys", "today.undo"), "u")


def attachment(data: bytes) -> None:
    """A file that is attached."""
    examine(data, "scan.pdf")


def slots(data: bytes) -> None:
    """The file of the key slots."""
    parse_slots(data, "casemgr.slots")


def session(data: bytes) -> None:
    """What says that the data is unlocked."""
    folder = runtime_folder()
    if folder is None:
        return
    path = folder / "fuzz"
    path.touch(mode=0o600)
    path.write_bytes(data)
    kept("fuzz")


# What writes.


@cache
def scratch() -> Path:
    """A folder, gone when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="casemgr-fuzz-", dir=folder_in_memory() or None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def practice() -> Desk:
    """A practice in a folder of its own."""
    home = scratch() / "home"
    clock = FixedClock(datetime(2026, 11, 21, 12, tzinfo=ZoneInfo("America/New_York")))
    places = read_settings({"CASEMGR_HOME": str(home)}).places
    desk = create_practice(
        places, "Riverside", "America/New_York", "mrivera", "Marisol Rivera", clock, passphrase=PASSPHRASE
    )
    for chart, born in (("1030", date(2012, 4, 9)), ("1031", date(1985, 4, 9))):
        add_patient(desk, AddPatient("Garcia", "Ana", born, chart))
    return desk


def taken_in(take_in: Callable[[Desk, Path], object], data: bytes) -> None:
    """A file imported into a practice.

    Raises:
        PartlyWritten: it was refused, and something of it was written.
    """
    desk = practice()
    before, exports = length(desk), _exports(desk)
    path = desk.places.data / "log"
    path.write_bytes(data)
    try:
        take_in(desk, path)
    except BaseException:
        if length(desk) != before or _exports(desk) != exports:
            raise PartlyWritten from None
        raise
    finally:
        path.unlink(missing_ok=True)
        shutil.rmtree(desk.places.exports, ignore_errors=True)


def _exports(desk: Desk) -> list[str]:
    folder = desk.places.exports
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


# Seeds.


def files(*paths: Path) -> list[bytes]:
    """The bytes of files."""
    return [path.read_bytes() for path in paths]


def heads(*paths: Path) -> list[bytes]:
    """The first lines of files: what is long is changed less often."""
    return [b"\n".join(path.read_bytes().split(b"\n")[:MOST_LINES]) for path in paths]


def texts(*said: str) -> list[bytes]:
    """Texts as bytes."""
    return [text.encode() for text in said]


def enclosed() -> list[bytes]:
    """Two PDFs, a PNG and a JPEG with its orientation."""
    return [pdf("", "/Rotate 90"), filled_form(), png(9, 4), jpeg(6)]


def content_files() -> list[bytes]:
    """All content of ours."""
    return files(*sorted((ROOT / "schema").rglob("*.toml")), *sorted((ROOT / "exports").rglob("*.toml")))


LINES = texts(
    "20m referral Garcia Ana 4/9/2012: oral surgery consult => booked 10/28 !10/26 confirm ride",
    "ride #1034 15m phone yesterday: no car => ride confirmed",
    "1h05 oct 21 9:10am education García, Ana 2012: flossing → teach-back done !in 2 weeks ask !+3d call",
)
VALUES = texts(
    "10/21/2026", "2026-10-21", "Sep 1, 2026", "in 2 weeks", "2 weeks ago", "mon 10/19", "oct 2026", "9:10",
    "2:05 p.m.", "1h05", "1.5h", "20 min", "$1,234.50", "(5.00)", "10/26 confirm ride", "CO-45 5.00",
    "10/21/2026 D9993 45.00 CO-45",
)  # fmt: skip
NAMES = texts("Garcia Ana 4/9/2012", "O'Brien-Núñez, Mary Jo", "#1030", "gar 2012", '"voice mail" -left')
SENTENCES = texts(
    "arranging {vehicle}[ with {vendor}][, trip {trip_number}]", "Called {contacted}: {words to say}"
)
BATCH = texts(
    '{"text": "5m no-show #1030: called => left voicemail", "follow_ups": '
    '[{"due_date": "12/1", "what": "x"}], "draft": true}',
    '{"patient": "1030", "kind": "ride", "minutes": 20, "outcome": "ok", "fields": {"vendor": "City Cab"}}',
)
SETTINGS = texts(
    '# mine\ntheme = "dark"\nwhose = "mine"\nmouse = false\nforgotten_timer_minutes = 20\n[keys]\n'
    '"today.undo" = "ctrl+u"\n'
)
SESSION = texts('["mrivera", "00112233445566778899aabbccddeeff", 1795276800000000, 36000]', "keyring")
LOGS = texts(
    "Date,Patient,Type,Mins,Staff,Outcome,Notes,F/U\n"
    "10/19/2026,Garcia Ana 4/9/2012,Referral,20,mrivera,booked,asked,11/30/2026 call\n"
    "10/20/2026,#1031,Ride,0:25,mrivera,ride confirmed,,\n"
)


XLSX = (REMITTANCES / "payments.xlsx").read_bytes()

READERS: dict[str, Reader] = {
    "entry": Reader("One-line entry", entry, lambda: LINES),
    "values": Reader("Dates, times, minutes, money", values, lambda: VALUES),
    "search": Reader("Search", search, lambda: NAMES),
    "templates": Reader("Sentences and notes with holes", templates, lambda: SENTENCES),
    "batch": Reader("JSON batch", batch, lambda: BATCH),
    "csv": Reader(
        "csv",
        partial(table, "log.csv"),
        lambda: heads(*sorted(PRACTICE.glob("*.csv")), *sorted(REMITTANCES.glob("*.csv"))),
        slow=4,
    ),
    "xlsx": Reader(
        "xlsx, and each part of one",
        partial(zipped_table, "log.xlsx", XLSX),
        lambda: zip_seeds(XLSX),
        slow=8,
    ),
    "xls": Reader(
        "xls",
        partial(table, "log.xls"),
        lambda: files(FORMATS / "log-2026-09.xls", FORMATS / "protected.xls"),
        slow=20,
    ),
    "ods": Reader(
        "ods, and each part of one",
        partial(zipped_table, "log.ods", small_ods()),
        lambda: [*zip_seeds(small_ods()), *files(FORMATS / "log-2026-09.ods")],
        slow=8,
    ),
    "835": Reader("835", partial(parse_835, "a.835"), lambda: files(*sorted(REMITTANCES.glob("*.835")))),
    "toml": Reader("TOML: kinds, codes, payers, reasons, workbooks, columns", toml, content_files),
    "settings": Reader("TOML: settings", settings, lambda: SETTINGS),
    "attachment": Reader("Attachments: PDF, PNG, JPEG", attachment, enclosed, slow=4),
    "slots": Reader("Key slots", slots, lambda: files(practice().places.slots)),
    "session": Reader("What stays unlocked", session, lambda: SESSION),
    "import log": Reader(
        "Import of a log into the ledger", partial(taken_in, import_log), lambda: LOGS, writes=True, slow=8
    ),
    "import patients": Reader(
        "Import of patients into the ledger",
        partial(taken_in, import_patients),
        lambda: heads(PRACTICE / "patients.csv"),
        writes=True,
        slow=8,
    ),
    "import remittance": Reader(
        "Import of an 835 into the ledger",
        partial(taken_in, import_remittances),
        lambda: files(*sorted(REMITTANCES.glob("*.835"))),
        writes=True,
        slow=4,
    ),
}
"""By the name that `--only` takes."""
