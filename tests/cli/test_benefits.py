"""`casemgr benefits`, `authorization` and `attachment` as processes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support import Cli


def test_benefits_and_authorizations_are_recorded_listed_and_withdrawn(practice: Cli) -> None:
    practice("coverage", "add", "1030", "--payer", "sunrise", "--member", "SYN1")
    practice("benefits", "verify", "1030", "--covered", "yes", "--by", "phone", "--reference", "88120")
    listed = json.loads(practice("benefits", "list", "garcia", "ana", "2012", "--json").stdout)
    assert [(one["covered"], one["method"], one["reference"]) for one in listed] == [
        ("yes", "phone", "88120")
    ]
    practice("benefits", "void", listed[0]["id"], "--reason", "wrong patient")
    assert json.loads(practice("benefits", "list", "1030", "--json").stdout) == []

    practice("authorization", "add", "1030", "--number", "PA-5521", "--code", "D9993", "--units", "6")
    listed = json.loads(practice("authorization", "list", "--json").stdout)
    assert (listed[0]["number"], listed[0]["used"], listed[0]["left"]) == ("PA-5521", 0, 6)
    practice("authorization", "edit", listed[0]["id"][-8:], "--units", "8")
    practice("authorization", "edit", listed[0]["id"][-8:], "--units", "99999999999999999999", code=2)
    assert "PA-5521   D9993" in practice("authorization", "list", "1030").stdout


def test_a_file_is_attached_and_saved_again(practice: Cli, tmp_path: Path) -> None:
    from pypdf import PdfWriter

    letter = tmp_path / "letter.pdf"
    writer = PdfWriter()
    writer.add_blank_page(612, 792)
    writer.write(letter)
    said = practice("attachment", "add", str(letter), "--patient", "1030", "--what", "letter").stderr
    assert "1 page" in said
    (one,) = json.loads(practice("attachment", "list", "--patient", "1030", "--json").stdout)
    practice("attachment", "save", one["id"], "-o", str(tmp_path / "again.pdf"))
    assert (tmp_path / "again.pdf").read_bytes() == letter.read_bytes()
