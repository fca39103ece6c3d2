"""A patient's page: what payers said, authorizations, what claims have open, files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casemgr.core.dates import Month
from casemgr.core.money import format_cents
from casemgr.services.attachments import AttachFile, attach
from casemgr.services.benefits import AddAuthorization, add_authorization
from casemgr.services.claims import listed as drafted
from casemgr.services.claims import the_claim
from casemgr.tui.screens.claim import ClaimScreen
from casemgr.tui.screens.history import HistoryScreen
from tests.documents.enclosed import pdf
from tests.services.support import put_claim
from tests.tui.patient_page import go, mark, on_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]


@pytest.fixture
def ana(desk: Desk) -> str:
    """Ana Garcia, with all that a page may show."""
    return on_file(desk)


async def test_billing_is_told_in_rows_of_its_own(opened: Open, desk: Desk, ana: str, tmp_path: Path) -> None:
    add_authorization(desk, AddAuthorization(ana, "PA-77", units=10, valid_to="2026-12-31"))
    add_authorization(desk, AddAuthorization(ana, "PA-01", valid_to="2026-09-30"))
    (claim,) = drafted(desk, Month(2026, 10), ana)
    submitted = put_claim(desk, the_claim(desk, claim.number), "submitted", "2026-10-20")
    scan = tmp_path / "letter.pdf"
    scan.write_bytes(pdf(""))
    attach(desk, AttachFile(scan, submitted.number, kind="referral"))
    async with opened(200, 60) as face:
        page = await go(face, ana)
        seen = face.seen()
        for words in (
            *("not verified", "PA-77", "10 of 10 left · to 12/31/2026", "no number of units"),
            *(
                f"submitted · {format_cents(submitted.charge_cents)} open",
                "1 file, 1 page",
                "referral letter",
            ),
        ):
            assert words in seen, words
        kept = [key.split()[0] for key in page.kept.keys]
        assert kept.index("verification") < kept.index("authorization") < kept.index("case")
        assert kept[-1] == "authorization"

        await mark(face, "attachment")
        await face.press("enter")
        assert isinstance(face.app.screen, ClaimScreen)


async def test_benefits_and_authorizations_are_recorded_and_corrected(
    opened: Open, desk: Desk, ana: str
) -> None:
    async with opened(120, 40) as face:
        await go(face, ana)
        await mark(face, "verification")
        await face.press("enter")
        face.write({"covered": "Yes", "reference": "88120"})
        await face.press("ctrl+s")
        assert "covered" in face.seen()
        assert "ref 88120" in face.seen()
        await face.press("a", "u")
        face.write({"number": "PA-77", "units": "9" * 5_000})
        await face.press("ctrl+s")
        assert "at most 9,999 units" in face.seen()
        face.write({"units": "4"})
        await face.press("ctrl+s")
        assert "4 of 4 left" in face.seen()
        await mark(face, "authorization")
        await face.press("enter")
        face.write({"units": "6", "valid_to": "12/31/2026"})
        await face.press("ctrl+s")
        assert "6 of 6 left · to 12/31/2026" in face.seen()
        assert face.deeds()[-3:] == [
            ("verify", "verification"),
            ("add", "authorization"),
            ("edit", "authorization"),
        ]
        await face.press("h")
        assert isinstance(face.app.screen, HistoryScreen)
