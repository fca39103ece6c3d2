"""Nothing that was typed or imported becomes more than text, in whatever is said, written or printed.

One practice has a hostile text in every field. Every command of the command line is run on it.
"""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook
from pypdf import PdfReader
from pyrage.x25519 import Identity

from casemgr.services.access import begin_session, session
from casemgr.settings import read_settings
from tests.cli.hostile import STEERING, Story, hostile, leaves, run
from tests.pages import printed_text, squeezed
from tests.support import PASSPHRASE_FILE, ROOT, own_runtime_folder

if TYPE_CHECKING:
    from pathlib import Path

REMITTANCES = ROOT / "tests" / "data" / "remittances"
LOCKED = 10
LEFT_OUT = {
    ("tui",),  # its screens have a test of their own
    ("demo",),  # says nothing but our own words
    ("unlock",),
    ("lock",),
    # These show nothing but a login.
    ("staff", "invite"),
    ("staff", "passphrase"),
    ("staff", "recovery"),
    ("staff", "rekey"),
}
"""Commands that are not part of the story."""


@pytest.fixture
def story(template: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:
    """A story on a copy of the practice, unlocked apart from all others: its slots may change."""
    shutil.copytree(template, home)
    places = read_settings({"CASEMGR_HOME": str(home)}).places
    unlocked = session(places)
    assert unlocked is not None
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(own_runtime_folder()))
    begin_session(places, unlocked)
    monkeypatch.setenv("CASEMGR_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(tmp_path)
    return Story()


def test_nothing_typed_becomes_more_than_text(
    story: Story, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(story, tmp_path)
    work(story)
    imports(story, tmp_path)
    claims(story, tmp_path)
    money(story)
    content(story, home, tmp_path)
    safety(story, tmp_path)
    written = [
        path for path in (*home.joinpath("exports").iterdir(), *tmp_path.glob("out-*")) if path.is_file()
    ]
    monkeypatch.setenv("CASEMGR_HOME", str(tmp_path / "another"))
    begin(story)
    assert {path for path, _ in leaves()} - story.told <= LEFT_OUT
    assert {path.suffix for path in written} >= {".xlsx", ".pdf", ".png"}
    for path in written:
        assert re.fullmatch(r"[\w. #,-]+", path.name), path.name
        if path.suffix == ".xlsx":
            assert_plain_workbook(path)
        elif path.suffix == ".pdf":
            assert_plain_pdf(path)


def begin(story: Story) -> None:
    """Another practice."""
    names = ("--practice", hostile(), "--owner", "evil", "--owner-name", hostile())
    story("init --timezone America/New_York", *names, "--passphrase-file", PASSPHRASE_FILE)


def people(story: Story, folder: Path) -> None:
    """The practice, its staff and a patient with all that is known of them."""
    story(
        "practice edit --name", hostile(), "--address", hostile(), "--phone", hostile(), "--tax-id", hostile()
    )
    story("practice show")
    story("staff add hostile", hostile(), "--credential", hostile(), "--role", hostile())
    story("staff edit hostile --name", hostile(), "--credential", hostile())
    story("staff list")
    story("staff roles")
    story("staff show hostile")
    story(
        "patient add --last", hostile(), "--first", hostile(), "--born", "4/9/1990", "--chart", "2001",
        "--gender", hostile(), "--language", hostile(), "--phone", hostile(), "--address", hostile(),
        "--payer", hostile(), "--member", hostile(),
    )  # fmt: skip
    story("patient edit 2001 --phone", hostile(), "--reason", hostile())
    story("patient list")
    story("patient show 2001")
    cover = story.json("coverage list")[0]["id"]
    story("coverage edit", cover, "--member", hostile(), "--reason", hostile())
    story("coverage add 1030 --payer", hostile(), "--member", hostile())
    story("coverage list")
    story(
        "benefits verify 2001 --by phone --covered yes --code D9993 --with",
        hostile(),
        "--reference",
        hostile(),
        "--said",
        hostile(),
    )
    story("benefits verify 2001 --covered no --by portal --with", hostile())
    story("benefits list 2001")
    story("benefits void", story.json("benefits list 2001")[0]["id"], "--reason", hostile())
    story("authorization add 2001 --units 5 --number", hostile(), "--note", hostile())
    one = story.json("authorization list 2001")[0]["id"]
    story("authorization edit", one, "--number", hostile(), "--note", hostile())
    story("authorization list")
    story("authorization void", one, "--reason", hostile())
    picture = folder / f"=cmd {STEERING.replace(chr(0), '').replace('/', '')}.png"
    picture.write_bytes(png())
    story("attachment add", picture, "--patient", "2001", "--what", hostile())
    story("attachment list --patient 2001")
    one = story.json("attachment list --patient 2001")[0]["id"]
    story("attachment save", one)
    story("attachment save -o out-picture.png", one)
    story("attachment void", one, "--reason", hostile())


def work(story: Story) -> None:
    """A case, activities, follow-ups and a timer."""
    story(
        "case open 2001 --on 10/1/2026 --complaint", hostile(), "--findings", hostile(),
        "--supplementary", hostile(), "--plan", hostile(), "--barrier", hostile(), "--consent", hostile(),
        "--dentist", hostile(),
    )  # fmt: skip
    story("case edit 2001 --plan", hostile())
    story("case list")
    story("case show 2001")
    for date in ("10/5/2026", "10/6/2026", "11/3/2026"):
        story(
            "log --patient 2001 --kind education --minutes 20 --start 9:10am --date", date,
            "--method", hostile(), "--contacted", hostile(), "--outcome", hostile(), "--reason", hostile(),
            "--response", hostile(),
            "--next-step", hostile(), "--note", hostile(), "--set", f"topics={hostile()}",
            "--follow-up", f"12/24/2026 {hostile()}",
        )  # fmt: skip
    line = f"5m referral #2001 10/7/2026: {hostile()} => {hostile()}"
    story("log", line)
    story(
        "log --batch",
        stdin=json.dumps({"text": line.replace("referral", "education"), "fields": {"topics": hostile()}}),
    )
    story("log --draft", line, "--start", "9:10")
    story("activity list")
    story("activity list --search", hostile())
    story("activity show last")
    story("activity amend last --note", hostile(), "--reason", hostile())
    story("activity history last")
    story("activity sign last")
    story("activity void last --reason", hostile())
    story("undo")
    story("redo")
    story("follow-up add 12/24/2026", hostile(), "--patient", "2001")
    story("follow-up list")
    one = story.json("follow-up list")[0]["id"]
    story("follow-up assign", one, "tchen", "--reason", hostile())
    story("follow-up snooze", one, "12/28/2026", "--reason", hostile())
    story("follow-up done", one, "--note", hostile())
    story("follow-up list --all")
    story("timer start --patient 2001", hostile())
    story("timer edit --note", hostile())
    story("timer status")
    story("timer pause")
    story("timer resume")
    story("timer discard")
    story("timer start", f"referral #2001: {hostile()}")
    story("timer stop --minutes 7", f"referral #2001: {hostile()} => {hostile()}")


def imports(story: Story, folder: Path) -> None:
    """Files of every kind, whose names, sheets, headings and cells are hostile."""
    name = f"=1+1 {STEERING.replace('/', '')}"
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "=SUM(A1) \u202e"
    sheet.append([hostile().replace("\x1b", "")[:60]])
    sheet.append(["Date", "Patient", "Type", "Mins", "Staff", "Outcome", "Notes", "=1+1"])
    for date, who, text in (
        ("10/19/2026", "#2001", 1),
        ("10/20/2026", "nobody at all", 2),
        ("no date", "#2001", 3),
    ):
        cells = [re.sub("[\x00-\x08\x0b-\x1f]", "", hostile()) for _ in range(3)]
        sheet.append([date, who, "Referral", 20 + text, "mrivera", *cells])
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s" if isinstance(cell.value, str) else "n"
    book.save(folder / f"{name}.xlsx")
    story("import log --dry-run", folder / f"{name}.xlsx")
    story("import log", folder / f"{name}.xlsx", code=0)
    story("import log --json", folder / f"{name}.xlsx")
    (folder / f"{name}.csv").write_text(
        "sep=,\r\nChart,Last name,First name,DOB,Language\r\n"
        + "".join(
            f'{chart},"{quoted()}","{quoted()}",{born},"{quoted()}"\r\n'
            for chart, born in ((3001, "4/9/1991"), (3002, "never"))
        ),
        encoding="utf-8",
    )
    story("import patients", folder / f"{name}.csv")
    (folder / "staff.csv").write_text(
        f'sep=,\r\nLogin,Name\r\nevil,"{quoted()}"\r\n"{quoted()}","{quoted()}"\r\n', encoding="utf-8"
    )
    story("import staff", folder / "staff.csv")
    for line in ("import log", "import patients", "import staff", "import remittance", "import billing"):
        (folder / f"{name}.txt").write_text(hostile(), encoding="utf-8")
        story(line, folder / f"{name}.txt", code=3)


def quoted() -> str:
    """A hostile text for a quoted cell of a csv, which a reader takes for a table."""
    return re.sub("[\x00-\x08\x0b-\x1f]", "", hostile()).replace('"', '""')


def claims(story: Story, folder: Path) -> None:
    """A claim's whole life, and its papers."""
    story("claim draft --month 2026-10")
    number = story.json("claim list")[0]["number"]
    picture = folder / "scan.png"
    picture.write_bytes(png())
    story("attachment add", picture, "--claim", number, "--what", hostile())
    story("claim next", number, hostile(), "--on", "12/1/2026")
    story("claim edit", number, "--diagnosis", "K02.9", "--reason", hostile())
    story("claim list")
    story("claim show", number)
    story("claim check --full", number, code=None)
    story("claim ready", number, "--reason", hostile())
    story("claim submit", number, "--method", "paper", "--reference", hostile())
    story("claim accept", number, "--payer-number", hostile())
    story(
        "claim deny",
        number,
        "--carc",
        "50",
        "--note",
        hostile(),
        "--check",
        hostile(),
        "--payer-number",
        hostile(),
    )
    story("claim appeal", number, "--reason", hostile())
    story("claim letter", number, "--why", hostile(), "-o", "out-letter.pdf")
    story("claim packet", number, "-o", "out-packet.pdf")
    story("claim print", number, "-o", "out-claim.pdf")
    story("claim print --text", number)
    story("claim print --note", number)
    story("claim history", number)
    story("claim correct", number, "--reason", hostile())


def money(story: Story) -> None:
    """What payers and patients pay, and what is written off."""
    number = story.json("claim list --all")[0]["number"]
    charge = story.json("claim show", number)["charge_cents"] / 100
    borne = ("--adjust", f"PR-1={charge:.2f}") if charge else ()
    story("claim ready", number, "--reason", hostile())
    story("claim submit", number, "--method", "portal", "--reference", hostile())
    story(
        "claim pay",
        number,
        "--paid",
        "0",
        *borne,
        "--note",
        hostile(),
        "--check",
        hostile(),
        "--payer-number",
        hostile(),
    )
    story("remittance list --all")
    one = story.json("remittance list --all")[0]["id"]
    story("remittance show", one)
    story("remittance void", one, "--reason", hostile())
    story("remittance add", number, "--paid", "0", *borne, "--note", hostile())
    story("payment add", number, "--amount", "5.00", "--method", hostile(), "--note", hostile())
    story("payment list --all")
    story("payment void", story.json("payment list --all")[0]["id"], "--reason", hostile())


def content(story: Story, home: Path, folder: Path) -> None:
    """The practice's own payers, kinds and workbooks, and what is exported and reported."""
    config = home / "config"
    ours = json.dumps(re.sub("[\x7f-\x9f]", "", hostile()))
    for place in ("payers", "activities", "workbooks"):
        (config / place).mkdir(parents=True, exist_ok=True)
    (config / "payers" / "evil.toml").write_text(f"name = {ours}\n[fees]\nD9993 = 4500\n", encoding="utf-8")
    story("payer check", config / "payers" / "evil.toml")
    story("payer copy generic mine --name", hostile())
    story("payer list")
    story("payer show evil")
    kind = (ROOT / "schema" / "activities" / "education.toml").read_text("utf-8")
    (config / "activities" / "education.toml").write_text(
        kind.replace('"Oral-care education"', ours), "utf-8"
    )
    story("kind list")
    story("kind show education")
    story("code list")
    story("code show D9993")
    (config / "workbooks" / "evil.toml").write_text(
        f'title = {ours}\n[[sheet]]\nid = "a"\ntitle = "=1+1"\nsource = "log"\n'
        f'[[sheet.column]]\nkey = "note"\nheading = {ours}\n[[sheet.column]]\nkey = "minutes"\n'
        'heading = "=2"\nformat = "minutes"\n',
        encoding="utf-8",
    )
    checked = run("export", "check", config / "workbooks" / "evil.toml")
    story("export check", config / "workbooks" / "evil.toml", code=checked.code)
    if checked.code:
        (config / "workbooks" / "evil.toml").unlink()
    story("export profiles")
    story("export sources")
    story("export sources log")
    story("export month 2026-10")
    for profile in story.json("export profiles"):
        story(
            "export workbook",
            profile["id"],
            "--month",
            "2026-10",
            "-o",
            f"out-{profile['id']}.xlsx",
        )
    story("month show 2026-10")
    story("month close 2026-10 --reason", hostile())
    story("month list")
    story("month reopen 2026-10 --why", hostile())
    story("report month 2026-10")
    story("report patient 2001 --month 2026-10")
    story("report staff mrivera --month 2026-10")
    story("report insights 2026-10")
    story("report insights 2026-10 --explain")
    story("report aging")
    story("report disclosures")


def safety(story: Story, folder: Path) -> None:
    """What is kept, and how."""
    number = story.json("claim list --all")[0]["number"]
    story("claim write-off", number, "--amount", "1.00", "--reason", hostile(), code=None)
    for verb in ("close", "reopen", "void"):
        story(f"claim {verb}", number, "--reason", hostile(), code=None)
    story("case close 2001 --reason", hostile())
    story("ledger list --body --limit 1000")
    story("verify")
    story("doctor", code=None)
    story("backup make", folder / "out-backup.db")
    story("backup list")
    story("backup drill", folder / "out-backup.db")
    story("restore --show", folder / "out-backup.db")
    story("recipient add harbor-audit", str(Identity.generate().to_public()), "--note", hostile())
    story("recipient list")
    story("recipient remove", story.json("recipient list")[0]["name"])
    story("staff leave hostile", code=None)
    story("locate")
    story("settings path")
    story("settings set editor", "true")
    story("settings unset editor")
    story("completion bash")


def test_what_is_refused_is_told_without_it(story: Story, home: Path) -> None:
    """Every command is given nothing but hostile arguments and options."""
    for path, command in leaves():
        if path in LEFT_OUT:
            continue
        wrong = [hostile() for param in command.params if param.param_type_name == "argument"]
        story.checked(run(*path, *wrong))
        story.checked(run(*path, f"--{STEERING}"))
        for param in command.params:
            if (
                param.param_type_name == "option"
                and not getattr(param, "is_flag", False)
                and "fd" not in param.name
            ):
                said = story.checked(run(*path, *wrong, param.opts[0], hostile()))
                assert said.code != LOCKED, said


def png() -> bytes:
    """A picture of one pixel."""
    return bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
    )


def assert_plain_workbook(path: Path) -> None:
    """Every formula is ours; nothing leads outside."""
    with zipfile.ZipFile(path) as package:
        assert not [
            name for name in package.namelist() if "external" in name.lower() or "macro" in name.lower()
        ]
        for name in package.namelist():
            text = package.read(name).decode("utf-8", "replace")
            assert "HYPERLINK(" not in "".join(re.findall(r"<f[ >].*?</f>|<formula1>.*?</formula1>", text)), (
                name
            )
            assert not re.search("<hyperlink|TargetMode|ddeLink|oleLink", text), name
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text), name
            for formula in re.findall(r"<f>(.*?)</f>", text):
                assert re.match(r"SUBTOTAL\(109,|SUM\(|COUNTA\(|ROWS\(|IF\(|[A-Z]+\d", formula), (
                    name,
                    formula,
                )


def assert_plain_pdf(path: Path) -> None:
    """What was typed stands there as it was typed; nothing acts and nothing leads outside."""
    reader = PdfReader(path)
    data = path.read_bytes()
    for page in reader.pages:
        assert not [
            note
            for note in page.get("/Annots") or ()
            if "/A" in note.get_object() and "/URI" in note.get_object()["/A"]
        ]
    assert not re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile|SubmitForm|GoToR)\b", data)
    text = squeezed(printed_text(path))
    assert squeezed('#panic("x") #read("main.typ")') in text.replace("\u200b", "")
    assert not re.search("[\x1b\x9b\u202e]", text)
