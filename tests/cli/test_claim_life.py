"""From the draft to the money as processes: sent, denied, answered by a file, settled, and listed by age."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.support import read_json
from tests.intake.advices import interchange, payment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import Cli

LINES = (
    '{"text": "20m referral #1030 10/19/2026 phone: consult => booked"}\n'
    '{"text": "20m referral #1030 10/20/2026 phone: consult => booked"}\n'
)


def test_a_claim_is_followed_from_its_draft_to_its_money(practice: Cli, tmp_path: Path) -> None:
    practice("coverage", "add", "1030", "--payer", "Harbor Dental PPO", "--member", "SYN1030")
    practice("log", "--batch", stdin=LINES)
    (claim,) = read_json(practice, "claim", "draft", "--month", "2026-10")["claims"]
    number, code = claim["number"], claim["lines"][0]["code"]

    refused = practice("claim", "submit", number, code=5)
    assert f"Claim {number} is draft: it cannot be submitted" in refused.stderr
    assert "It can be made ready." in refused.stderr
    made = practice("claim", "ready", "--month", "2026-10", "--reason", "the payer asks for no plan")
    assert made.stdout == f"{number}  draft → ready\n"
    sent = practice("claim", "submit", number, "--on", "10/31/2026", "--reference", "CH-1")
    assert f"Attachment control number: {number}-1" in sent.stderr

    denied = practice(
        *("claim", "deny", number, "--carc", "197", "--line", f"10/20/2026:{code}"),
        *("--on", "11/10/2026", "--appeal-by", "1/9/2099", "--rarc", "N999"),
    )
    for words in ("submitted → denied", "$22.50 denied", "N999 (not in our list)", "Appeal by 1/9/2099"):
        assert words in denied.stdout

    file = tmp_path / "era.835"
    inside = ["LX*1", f"CLP*{number}*1*45*37.5**MC*PX-1", "CAS*CO*45*2.5", "CAS*PR*3*5"]
    unknown = ["LX*2", "CLP*ZZZZ-2026-0009*1*10*10**MC*PX-9"]
    file.write_text(interchange([payment(*inside, *unknown, total="47.5")]))
    tried = practice("import", "remittance", "era.835", "--dry-run")
    assert "denied → paid" in tried.stdout
    assert "nothing was saved" in tried.stderr
    done = read_json(practice, "import", "remittance", "era.835")
    assert [(one["number"], one["after"]) for one in done["booked"]] == [(number, "paid")]
    assert [one["place"] for one in done["rejected"]] == ["transaction 1, segment 9"]
    waiting = practice("remittance", "list", "--unmatched")
    assert "ZZZZ-2026-0009 · $10.00 paid" in waiting.stdout

    assert "the patient's balance is $2.00" in practice("payment", "add", number, "--amount", "3").stdout
    shown = read_json(practice, "claim", "show", number)
    assert shown["money"]["patient_balance_cents"] == 200
    assert (shown["money"]["paid_cents"], shown["money"]["contractual_cents"]) == (3750, 250)
    aged = read_json(practice, "report", "aging")
    assert [(one["claim_number"], one["patient_cents"]) for one in aged["claims"]] == [(number, 200)]
    assert aged["clock"] == "days since the claim was first sent"

    listed = read_json(practice, "remittance", "list", "--claim", number)
    assert [one["paid_cents"] for one in listed] == [0, 3750]
    page = practice("remittance", "show", listed[0]["id"])
    assert "Prior authorization missing: CO-197 (there was no prior authorization)" in page.stdout
    back = practice("remittance", "void", listed[1]["id"], "--reason", "another patient's")
    assert "paid → denied" in back.stdout
    history = practice("claim", "history", number)
    for words in ("made ready", "the payer asks for no plan", "answer: voided", "an answer was taken back"):
        assert words in history.stdout


def test_what_was_typed_wrong_is_told_and_nothing_is_saved(practice: Cli) -> None:
    wrong = practice("claim", "pay", "K7Q2-2026-0001", "--paid", "45", "--adjust", "CO45", code=3)
    assert "“CO45” is no adjustment" in wrong.stderr
    unsaid = practice("claim", "pay", "K7Q2-2026-0001", code=2)
    assert "Say what was paid" in unsaid.stderr
