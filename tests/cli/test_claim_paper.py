"""`casemgr claim packet` and `claim letter` as processes, and the note of an electronic claim."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from tests.cli.support import read_json
from tests.documents.enclosed import pdf

if TYPE_CHECKING:
    from tests.support import Cli


@pytest.fixture
def number(practice: Cli, tmp_path: Path) -> str:
    """A claim with a letter attached."""
    practice("coverage", "add", "1030", "--payer", "Sunrise Medicaid Dental", "--member", "SYN1030")
    practice("log", "20m referral #1030 10/20/2026 phone: oral surgery consult => booked")
    (claim,) = read_json(practice, "claim", "draft", "--month", "2026-10")["claims"]
    (tmp_path / "letter.pdf").write_bytes(pdf("", texts=("Dear colleague",)))
    practice("attachment", "add", str(tmp_path / "letter.pdf"), "--claim", claim["number"])
    return str(claim["number"])


def test_packets_of_a_month_are_written_and_told(practice: Cli, number: str, tmp_path: Path) -> None:
    (told,) = read_json(practice, "claim", "packet", "--month", "2026-10", "-o", str(tmp_path / "october"))
    assert told["number"] == number
    path = Path(told["path"])
    assert path.parent == tmp_path / "october"
    assert sha256(path.read_bytes()).hexdigest() == told["sha256"]
    texts = [page.extract_text() for page in PdfReader(path).pages]
    assert "Dear colleague" in texts[-1]
    assert f"Page {len(texts)} of {len(texts)}" in texts[-1]
    again = practice("claim", "packet", number, "-o", str(tmp_path / "october"))
    assert again.stdout.strip() == str(path)
    practice("claim", "packet", number, "--month", "2026-10", code=2)


def test_a_note_has_lines_of_80_and_a_letter_needs_a_denial(practice: Cli, number: str) -> None:
    (told,) = read_json(practice, "claim", "print", number, "--note")
    assert "".join(told["lines"]) == told["text"]
    lines = practice("claim", "print", number, "--note").stdout.splitlines()
    assert lines == told["lines"]
    assert max(map(len, lines)) <= 80
    refused = practice("claim", "letter", number, code=5)
    assert f"Nothing of claim {number} stands denied" in refused.stderr
