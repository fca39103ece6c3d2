"""Every command that writes, with a state of a practice in which it does, and those that only read."""

from __future__ import annotations

import json
import os
import shutil
import struct
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.support import PASSPHRASE, ROOT, WITH_PASSPHRASE
from tests.torture.arena import NEW_PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.torture.arena import Arena

DATA = ROOT / "tests" / "data"
NEW = "another one that nobody uses"
RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
"""The example key of the age specification; nobody has what opens it."""
RIDE = "15m ride #1030 11/20: no car => ride confirmed !tomorrow confirm"
WHY = ("--reason", "found on the paper")
BATCH = "".join(
    json.dumps({"text": f"{5 + number % 40}m referral #1030 11/{1 + number % 20}: batch {number} => booked"})
    + "\n"
    for number in range(20)
)
LOG_CSV = "Date,Patient,Chart #,DOB,Type,Minutes,How,Note,Outcome\n" + "".join(
    f'11/{1 + number % 20:02}/2026,"Garcia, Ana",1030,4/9/2012,Transport,{5 + number},phone,trip {number},'
    "Ride confirmed\n"
    for number in range(20)
)
PATIENTS_CSV = "Chart #,Last Name,First Name,Birthdate,Phone,Carrier,Subscriber ID\n" + "".join(
    f"{2000 + number},Tester{number},Tom,01/{1 + number % 28:02}/1990,617-555-0100,Sunrise Medicaid Dental,"
    f"SM{number:07}\n"
    for number in range(20)
)
STAFF_CSV = "Login,Name,Role\ndora,Dora Dent,CHW\nemil,Emil Elm,RDH\n"
CASE = (
    "--complaint",
    "Pain at 17",
    "--plan",
    "Rides",
    "--dentist",
    "Dr. Imani Example",
    "--dentist-npi",
    "1234567893",
)
INIT = (
    *("init", "--practice", "Riverside Dental", "--timezone", "America/New_York", "--owner", "amy"),
    *WITH_PASSPHRASE,
)
SETTINGS = "home/config/settings.toml"
MEMBERS = ("--payer", "Sunrise Medicaid Dental", "--member", "SM0001122")


class Step(NamedTuple):
    """A command on the way to a state."""

    args: str | tuple[str, ...]
    """As words, or already apart; `{name}` stands for a fact."""
    fact: str = ""
    """The name under which something of its JSON is remembered."""
    of: tuple[str | int, ...] = ("id",)
    """Where that stands in the JSON."""
    stdin: str = ""


class State(NamedTuple):
    """A practice as it is before a command."""

    before: str
    """The state that it is made from; empty for an empty place."""
    steps: tuple[Step, ...]


STATES: dict[str, State] = {
    "nothing": State("", ()),
    "office": State(
        "nothing",
        (
            Step(INIT),
            Step(
                (
                    "practice",
                    "edit",
                    "--npi",
                    "1234567893",
                    "--tax-id",
                    "04-1234567",
                    "--phone",
                    "617-555-0180",
                )
            ),
            Step(("staff", "add", "bob", "Bob Borg")),
            Step(
                ("patient", "add", "Garcia, Ana", "4/9/2012", "--chart", "1030", "--json", *MEMBERS),
                "patient",
            ),
            Step(("patient", "add", "Li, Bo", "1/5/1990", "--chart", "1031", "--json"), "other"),
            Step("coverage list --patient 1030 --json", "coverage", (0, "id")),
            Step(("log", "20m referral #1030 9:00 9/21/2026: consult => booked", "--json"), "worked"),
            Step(("log", "25m ride #1030 10:00 9/22/2026: no car => ride confirmed", "--json"), "rode"),
            Step(("log", "15m ride #1030 9:00 10/6/2026: no car => ride confirmed", "--json"), "activity"),
            Step(("log", "5m ride #1030 11/5/2026: asked => left voicemail", "--draft", "--json"), "draft"),
            Step("follow-up add 11/25 call --patient 1030 --json", "follow_up"),
            Step(("case", "open", "1030", "--on", "9/1/2026", *CASE, "--json"), "case"),
            Step("benefits verify 1030 --covered yes --on 9/1/2026 --json", "benefits"),
            Step(
                "authorization add 1030 --number PA-77 --from 9/1/2026 --to 12/31/2026 --json",
                "authorization",
            ),
            Step(
                ("attachment", "add", "letter.png", "--patient", "1030", "--what", "letter", "--json"),
                "attachment",
            ),
            Step("settings set theme light"),
            Step("payer copy generic their-payer"),
            Step("recipient add audit {recipient}"),
            Step("export month 2026-09 --clear -o first.xlsx"),
            Step("backup make --json", "backup", ("path",)),
            Step(("log", RIDE, "--json"), "last"),
        ),
    ),
    "drafted": State(
        "office", (Step("claim draft --month 2026-09 --json", "claim", ("claims", 0, "number")),)
    ),
    "ready": State("drafted", (Step(("claim", "ready", "{claim}", *WHY)),)),
    "sent": State("ready", (Step("claim submit {claim} --json"),)),
    "denied": State("sent", (Step("claim deny {claim} --carc 197 --json", "answer", ("remittance_id",)),)),
    "appealed": State("denied", (Step(("claim", "appeal", "{claim}", *WHY)),)),
    "shared": State("sent", (Step("claim pay {claim} --paid 5 --adjust PR-3=10 --json"),)),
    "paid": State("shared", (Step("payment add {claim} --amount 2 --json", "payment"),)),
    "closed": State("shared", (Step(("claim", "close", "{claim}", *WHY)),)),
    "closed month": State("office", (Step(("month", "close", "2026-10", *WHY)),)),
    "invited": State("office", (Step("staff invite bob --passphrase-file bob.txt"),)),
    "undone": State("office", (Step("undo"),)),
    "timing": State("office", (Step("timer start rides --patient 1030 --kind ride"),)),
    "paused": State("timing", (Step("timer pause"),)),
}


class Command(NamedTuple):
    """A command that writes."""

    args: str | tuple[str, ...]
    state: str = "office"
    stdin: str = ""
    makes: str = ""
    """The file that it writes, in the arena."""


WRITING: dict[str, tuple[Command, ...]] = {
    "init": (Command(INIT, "nothing"),),
    "demo": (Command("demo --json", "nothing"),),
    "log": (Command(("log", RIDE, "--json")), Command("log --batch --json", stdin=BATCH)),
    "undo": (Command("undo --json"),),
    "redo": (Command("redo --json", "undone"),),
    "activity amend": (Command(("activity", "amend", "{worked}", "--minutes", "33", "--json", *WHY)),),
    "activity sign": (Command("activity sign {draft}"),),
    "activity void": (Command(("activity", "void", "{worked}", "{rode}", *WHY)),),
    "practice edit": (Command("practice edit --phone 617-555-0199"),),
    "patient add": (Command(("patient", "add", "Roe, Eve", "2/3/1980", "--json", *MEMBERS)),),
    "patient edit": (Command("patient edit 1030 --phone 617-555-0134 --json"),),
    "staff add": (Command(("staff", "add", "fay", "Fay Fox", "--json")),),
    "staff edit": (Command("staff edit bob --credential RDH --json"),),
    "staff invite": (Command("staff invite bob --passphrase-file bob.txt"),),
    "staff passphrase": (Command(("staff", "passphrase", "--passphrase-file", "two lines.txt")),),
    "staff leave": (Command("staff leave bob --json", "invited"),),
    "staff recovery": (Command("staff recovery"),),
    "staff rekey": (Command("staff rekey"),),
    "payer copy": (
        Command(
            "payer copy sunrise-medicaid-dental sunrise-two --json",
            makes="home/config/payers/sunrise-two.toml",
        ),
    ),
    "coverage add": (Command(("coverage", "add", "1031", "--json", *MEMBERS)),),
    "coverage edit": (Command(("coverage", "edit", "{coverage}", "--member", "SM7", "--json", *WHY)),),
    "benefits verify": (Command("benefits verify 1030 --covered no --json"),),
    "benefits void": (Command(("benefits", "void", "{benefits}", *WHY)),),
    "authorization add": (Command("authorization add 1030 --number PA-78 --json"),),
    "authorization edit": (Command("authorization edit {authorization} --units 9 --json"),),
    "authorization void": (Command(("authorization", "void", "{authorization}", *WHY)),),
    "attachment add": (Command("attachment add scan.png --patient 1030 --what scan --json"),),
    "attachment save": (Command("attachment save {attachment} -o saved.png", makes="work/saved.png"),),
    "attachment void": (Command(("attachment", "void", "{attachment}", *WHY)),),
    "case open": (Command("case open 1031 --complaint fear --json"),),
    "case edit": (Command("case edit {case} --plan rides --json"),),
    "case close": (Command(("case", "close", "{case}", "--json", *WHY)),),
    "follow-up add": (Command("follow-up add 11/26 call --patient 1031 --json"),),
    "follow-up assign": (Command(("follow-up", "assign", "{follow_up}", "bob", "--json", *WHY)),),
    "follow-up done": (Command("follow-up done {follow_up} --json"),),
    "follow-up snooze": (Command(("follow-up", "snooze", "{follow_up}", "11/28", "--json", *WHY)),),
    "timer start": (Command("timer start rides --patient 1030 --kind ride"),),
    "timer edit": (Command("timer edit --patient 1031", "timing"),),
    "timer pause": (Command("timer pause", "timing"),),
    "timer resume": (Command("timer resume", "paused"),),
    "timer stop": (Command(("timer", "stop", "--minutes", "12", "--json", "=> ride confirmed"), "timing"),),
    "timer discard": (Command("timer discard", "timing"),),
    "claim draft": (Command("claim draft --month 2026-09 --json"),),
    "claim edit": (Command("claim edit {claim} --place 11 --diagnosis Z59.82 --json", "drafted"),),
    "claim next": (Command("claim next {claim} ask --on 12/1 --json", "sent"),),
    "claim ready": (Command(("claim", "ready", "{claim}", "--json", *WHY), "drafted"),),
    "claim submit": (Command("claim submit {claim} --json", "ready"),),
    "claim accept": (Command("claim accept {claim} --json", "sent"),),
    "claim deny": (Command("claim deny {claim} --carc 197 --json", "sent"),),
    "claim pay": (Command("claim pay {claim} --paid 5 --adjust PR-3=10 --json", "sent"),),
    "claim appeal": (Command(("claim", "appeal", "{claim}", "--json", *WHY), "denied"),),
    "claim letter": (
        Command("claim letter {claim} -o letter.pdf --json", "denied", makes="work/letter.pdf"),
    ),
    "claim correct": (Command(("claim", "correct", "{claim}", "--json", *WHY), "denied"),),
    "claim write-off": (Command(("claim", "write-off", "{claim}", "--json", *WHY), "denied"),),
    "claim close": (Command(("claim", "close", "{claim}", "--json", *WHY), "shared"),),
    "claim reopen": (Command(("claim", "reopen", "{claim}", "--json", *WHY), "closed"),),
    "claim void": (Command(("claim", "void", "{claim}", *WHY), "drafted"),),
    "claim print": (Command("claim print {claim} -o claim.pdf --json", "ready", makes="work/claim.pdf"),),
    "claim packet": (Command("claim packet {claim} -o packet.pdf --json", "ready", makes="work/packet.pdf"),),
    "remittance add": (Command("remittance add {claim} --paid 5 --adjust CO-45=1 --json", "sent"),),
    "remittance void": (Command(("remittance", "void", "{answer}", *WHY), "denied"),),
    "payment add": (Command("payment add {claim} --amount 2 --json", "shared"),),
    "payment void": (Command(("payment", "void", "{payment}", *WHY), "paid"),),
    "export month": (Command("export month 2026-10 -o month.xlsx --json", makes="work/month.xlsx"),),
    "export workbook": (
        Command("export workbook ar-aging -o aging.xlsx --json", "sent", makes="work/aging.xlsx"),
    ),
    "month close": (
        Command(("month", "close", "2026-10", "-o", "record.xlsx", "--json", *WHY), makes="work/record.xlsx"),
    ),
    "month reopen": (Command(("month", "reopen", "2026-10", "--json", *WHY), "closed month"),),
    "import billing": (Command("import billing billing.csv --yes --json", "ready"),),
    "import log": (Command("import log log.csv --json"),),
    "import patients": (Command("import patients patients.csv --json"),),
    "import remittance": (Command("import remittance two-payments.835 --json", "sent"),),
    "import staff": (Command("import staff staff.csv --json"),),
    "backup make": (Command("backup make copy.db --json", makes="work/copy.db"),),
    "backup drill": (Command("backup drill --json"),),
    "restore": (Command("restore {backup} --yes --json"),),
    "recipient add": (Command("recipient add second {recipient} --note asked"),),
    "recipient remove": (Command("recipient remove audit"),),
    "unlock": (Command(("unlock", *WITH_PASSPHRASE)),),
    "lock": (Command("lock"),),
    "settings set": (Command("settings set whose everybody", makes=SETTINGS),),
    "settings unset": (Command("settings unset theme", makes=SETTINGS),),
}
"""By the words of the command, ways to have it write."""

READING = frozenset(
    {
        *(
            "activity history",
            "activity list",
            "activity show",
            "practice show",
            "patient list",
            "patient show",
        ),
        *("staff list", "staff show", "payer check", "payer list", "payer show", "coverage list"),
        *(
            "benefits list",
            "authorization list",
            "attachment list",
            "case list",
            "case show",
            "follow-up list",
        ),
        *("timer status", "claim check", "claim history", "claim list", "claim show", "remittance list"),
        *(
            "remittance show",
            "payment list",
            "export check",
            "export profiles",
            "export sources",
            "month list",
        ),
        *("month show", "report aging", "report insights", "report month", "report patient", "report staff"),
        *("kind list", "kind show", "code list", "code show", "ledger list", "verify", "locate", "settings"),
        *(
            "settings path",
            "completion",
            "backup list",
            "doctor",
            "recipient list",
            "staff roles",
            "report disclosures",
        ),
        "tui",  # killed by itself, in tests of its own
    }
)
"""Commands that leave the practice as it is."""


class Facts(dict[str, str]):
    """What was remembered on the way to a state."""

    def filled(self, args: str | tuple[str, ...]) -> tuple[str, ...]:
        """A command's arguments with the facts in them."""
        words = tuple(args.split()) if isinstance(args, str) else args
        return tuple(word.format_map(self) if "{" in word else word for word in words)


def reach(arena: Arena, name: str) -> Facts:
    """Put an arena in a state, made first where it was not yet."""
    facts_file = arena.folder / "facts.json"
    if arena.kept(name).exists():
        arena.put_back(name)
        return Facts(json.loads(facts_file.read_text("utf-8")))
    state = STATES[name]
    if state.before:
        facts = reach(arena, state.before)
    else:
        arena.clear()
        write_files(arena)
        facts = Facts(recipient=RECIPIENT)
    for step in state.steps:
        done = arena.run(*facts.filled(step.args), stdin=step.stdin)
        if done.code:
            raise RuntimeError(f"{step.args}: {done.code}\n{done.stdout}\n{done.stderr}")
        if step.fact:
            facts[step.fact] = picked(done.json, step.of)
    if name == "ready":
        (arena.cwd / "billing.csv").write_text(
            "Claim,Service date,Code,Charge,Status,Submitted on\n"
            f"{facts['claim']},9/21/2026,D9993,15.00,submitted,11/20/2026\n",
            "utf-8",
        )
    facts_file.write_text(json.dumps(facts), "utf-8")
    arena.keep(name)
    return facts


def picked(value: Any, of: tuple[str | int, ...]) -> str:
    """What stands at a place in JSON."""
    for each in of:
        value = value[each]
    return str(value)


def write_files(arena: Arena) -> None:
    """The files that commands read."""
    for name, text in (
        ("log.csv", LOG_CSV),
        ("patients.csv", PATIENTS_CSV),
        ("staff.csv", STAFF_CSV),
    ):
        (arena.cwd / name).write_text(text, "utf-8")
    (arena.folder / NEW_PASSPHRASE).write_text(f"{NEW}\n", "utf-8")
    (arena.cwd / "bob.txt").write_text("nobody but Bob may know it\n", "utf-8")
    (arena.cwd / "two lines.txt").write_text(f"{PASSPHRASE}\n{NEW}\n", "utf-8")
    (arena.cwd / "letter.png").write_bytes(picture(8))
    (arena.cwd / "scan.png").write_bytes(picture(300))
    shutil.copy(DATA / "remittances" / "two-payments.835", arena.cwd)


def picture(size: int) -> bytes:
    """A square of noise as a PNG, so many pixels wide."""
    rows = b"".join(b"\0" + os.urandom(size) for _ in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def leaves() -> Iterator[str]:
    """The words of every command that can be run."""
    import click

    from casemgr.cli.main import casemgr

    def under(command: click.Command, words: tuple[str, ...]) -> Iterator[str]:
        if isinstance(command, click.Group):
            if command.invoke_without_command and words:
                yield " ".join(words)
            context = click.Context(command)
            for name in command.list_commands(context):
                found = command.get_command(context, name)
                if found is not None:
                    yield from under(found, (*words, name))
        else:
            yield " ".join(words)

    return under(casemgr, ())
