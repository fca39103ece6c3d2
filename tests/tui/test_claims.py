"""Claims and one claim: drafted, checked, mended, printed, copied and taken back from the keyboard."""

from __future__ import annotations

from base64 import b64decode
from datetime import date
from typing import TYPE_CHECKING

import pytest

from casemgr.core.billing_commands import SubmitClaims
from casemgr.core.commands import OpenCase
from casemgr.services.cases import open_case
from casemgr.services.claim_life import ready, submit
from casemgr.services.claims import draft_claims, listed, the_claim
from casemgr.services.patients import the_patient_id
from casemgr.tui.messages import Go
from casemgr.tui.screens.claim import ClaimScreen
from casemgr.tui.screens.claims import ClaimList, ClaimsScreen
from casemgr.tui.widgets.claim_parts import ClaimLines, Findings
from casemgr.tui.widgets.columns import GAP, fit
from tests.services.support import OCTOBER, cover, log
from tests.tui.forms import complaint, form, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from casemgr.services.desk import Desk
    from tests.tui.conftest import Face

    Open = Callable[..., AbstractAsyncContextManager[Face]]

PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one pixel."""


@pytest.fixture
def october(desk: Desk, ana: str) -> str:
    """Work of October that can be claimed; the patient's id."""
    cover(desk, ana)
    open_case(desk, OpenCase(ana, date(2026, 10, 1), complaint="pain", findings="caries", plan="extract"))
    log(desk, "20m referral 1030 10/5: OS => consult booked")
    log(desk, "15m transport 1030 10/19: ride => ride confirmed !10/26 confirm")
    return ana


@pytest.fixture
def number(desk: Desk, october: str) -> str:
    """A claim of October."""
    (claim,) = draft_claims(desk, OCTOBER).claims
    return claim.number


async def go(face: Face, place: str, at: str = "") -> None:
    face.app.screen.post_message(Go(place, at))
    await face.settle()


async def test_a_month_is_drafted_and_shows_how_far_each_claim_is(opened: Open, october: str) -> None:
    async with opened(120, 40) as face:
        await go(face, "claims")
        assert isinstance(face.app.screen, ClaimsScreen)
        assert "1 more to draft" in face.seen()

        await face.press("D")

        (row,) = listed(face.desk, OCTOBER)
        assert face.deeds()[-1] == ("draft", "claim")
        seen = face.seen()
        for part in (row.number, "Garcia, Ana", "4/9/2012", "✗", "35"):
            assert part in seen


async def test_on_a_narrow_screen_the_state_of_a_claim_is_whole(opened: Open, number: str) -> None:
    async with opened(80, 24) as face:
        await go(face, "claims")
        seen = face.seen()
        for part in ("State", "draft", "4/9/2012", number):
            assert part in seen


@pytest.mark.parametrize("width", range(76, 140))
def test_the_claims_columns_fit_the_list(width: int) -> None:
    widths = fit(ClaimList.COLUMNS, width)
    assert sum(widths.values()) + GAP * (len(widths) - 1) <= width


async def test_a_claim_says_what_is_missing_and_enter_goes_where_it_is_mended(
    opened: Open, number: str, october: str
) -> None:
    async with opened(120, 40) as face:
        await go(face, "claims")
        await face.press("enter")
        page = face.app.screen
        assert isinstance(page, ClaimScreen)
        seen = face.seen()
        for part in (number, "Garcia, Ana", "DRAFT", "Referral coordination", "→ case", "D9993"):
            assert part in seen
        assert "20 minutes" in face.text("#narrative")

        assert page.query_one(Findings).has_focus
        await face.press("shift+tab")
        assert page.query_one(ClaimLines).has_focus
        await face.press("enter")
        assert face.app.current_mode == "log"
        assert "Referral coordination" in face.seen()

        await go(face, "claims")
        await face.press("tab", "enter")
        assert face.app.current_mode == "patients"
        assert "Supplementary" in face.seen()


async def test_a_claim_is_printed_and_its_remarks_are_copied_and_both_are_recorded(
    opened: Open, number: str
) -> None:
    async with opened(120, 40) as face:
        await go(face, "claims", number)
        await face.press("P")
        (pdf,) = face.app.seat.exports.glob("claim-*.pdf")
        assert pdf.read_bytes().startswith(b"%PDF")
        await face.press("y")
        assert "Case management" in face.app.clipboard
        assert [deed for deed in face.deeds() if deed[0] == "print"] == [("print", "disclosure")] * 2
        assert pdf.name in face.text("#narrative")


async def test_a_claim_is_taken_back_with_a_reason_only(opened: Open, number: str) -> None:
    async with opened(120, 40) as face:
        await go(face, "claims", number)
        await face.press("x", "enter")
        assert "Write something first" in face.seen()
        await face.press(*"wrong", "enter")
        assert not listed(face.desk, OCTOBER)
        assert face.deeds()[-1] == ("void", "claim")
        assert "VOIDED" in face.seen()
        await face.press("escape")
        assert "No claims" in face.seen()
        await face.press("v")
        assert number in face.seen()


async def test_several_are_ticked_and_printed_together(opened: Open, desk: Desk, number: str) -> None:
    cover(desk, the_patient_id(desk, "1032"))
    log(desk, "20m referral 1032 10/6: OS => consult booked")
    draft_claims(desk, OCTOBER)
    async with opened(120, 40) as face:
        await go(face, "claims")
        await face.press("space", "space")
        assert len(face.app.screen.query_one(ClaimList).chosen) == 2
        await face.press("P")
        assert len(list(face.app.seat.exports.glob("claim-*.pdf"))) == 2


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_at_every_size_identity_amount_and_checks_are_seen(
    opened: Open, number: str, size: tuple[int, int]
) -> None:
    async with opened(*size) as face:
        await go(face, "claims", number)
        seen = face.seen()
        for part in ("Garcia, Ana", "4/9/2012", "#1030", number, "error", "$"):
            assert part in seen


async def test_a_claim_goes_through_its_life_from_the_keyboard(
    opened: Open, number: str, october: str
) -> None:
    async with opened(120, 40) as face:
        await go(face, "claims", number)
        await face.press("o", "r")
        assert form(face).form.title == f"Make ready {number}", "errors stand, so that a reason is asked for"
        await write(face, reason="the payer takes it so")
        await face.press("ctrl+s")
        assert the_claim(face.desk, number).status == "ready"

        await face.press("o", "s", "ctrl+s")
        assert "SUBMITTED" in face.text("#claim_title")

        await face.press("o", "d")
        await write(face, carc="197", remarks="N706")
        await face.press("ctrl+s")
        told = face.text("#claim_title") + face.text("#narrative")
        for part in ("DENIED", "denied $30.00", "Denied, and what to do about it", "CO-197"):
            assert part in told

        await face.press("o", "l")
        await write(face, reason="the number was on the claim")
        await face.press("ctrl+s")
        await face.press("o", "p")
        await write(face, line_0="10.00, CO-45=5.00", line_1="12.00, PR-2=3.00")
        await face.press("ctrl+s")
        assert the_claim(face.desk, number).status == "paid"
        assert "paid $22.00 · by contract $5.00 · patient $3.00" in face.text("#claim_title")

        await face.press("a", "p")
        await write(face, amount="3.00")
        await face.press("ctrl+s")
        await face.press("o", "x", "ctrl+s")
        assert "CLOSED" in face.text("#claim_title")
        await face.press("z")
        assert the_claim(face.desk, number).status == "paid"


async def test_a_wrong_amount_is_told_beside_its_line(opened: Open, desk: Desk, number: str) -> None:
    ready(desk, [number], "so")
    submit(desk, SubmitClaims((number,), "paper", desk.today()))
    async with opened(120, 40) as face:
        await go(face, "claims", number)
        await face.press("o", "p")
        await write(face, line_0="10,5")
        await face.press("ctrl+s")
        assert "no adjustment" in complaint(face, "line_0")
        assert the_claim(desk, number).status == "submitted"


async def test_what_goes_with_a_claim_is_added_on_its_page(
    opened: Open, number: str, october: str, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.png"
    letter.write_bytes(PNG)
    async with opened(120, 40) as face:
        await go(face, "claims", number)
        await face.press("a", "f")
        await write(face, path=str(letter), what="the referral")
        await face.press("ctrl+s")
        assert "the referral" in face.text("#narrative")
        await face.press("a", "b")
        await write(face, covered="yes", reference="88120")
        await face.press("ctrl+s")
        await face.press("a", "u")
        await write(face, number="PA-1", units="3")
        await face.press("ctrl+s")
        await face.press("e")
        await write(face, diagnoses="Z59.82", authorization_id="PA-1")
        await face.press("ctrl+s")
        claim = the_claim(face.desk, number)
        assert claim.diagnoses == ("Z59.82",)
        assert claim.authorization_id
        await face.press("K")
        assert list(face.app.seat.exports.glob("packet-*.pdf"))


async def test_several_are_made_ready_and_submitted_together_or_none(
    opened: Open, desk: Desk, number: str
) -> None:
    async with opened(120, 40) as face:
        await go(face, "claims")
        await face.press("o", "s")
        assert "cannot be submitted" in face.seen()
        assert the_claim(desk, number).status == "draft"


async def test_balances_show_what_is_owed_and_open_its_claim(opened: Open, desk: Desk, number: str) -> None:
    ready(desk, [number], "so")
    submit(desk, SubmitClaims((number,), "paper", desk.today()))
    async with opened(120, 40) as face:
        await go(face, "claims")
        await face.press("b")
        seen = face.seen()
        for part in ("0–30 d", "$30.00", "1 claim on 10/21/2026", number, "ask for its", "11/20/2026"):
            assert part in seen
        await face.press("enter")
        assert isinstance(face.app.screen, ClaimScreen)
        await face.press("escape", "escape")
        assert isinstance(face.app.screen, ClaimsScreen)


async def test_claims_that_cannot_be_read_are_said_and_not_asked_for_without_end(
    opened: Open, desk: Desk, october: str
) -> None:
    broken = desk.places.config / "payers" / "ours.toml"
    broken.parent.mkdir(parents=True)
    broken.write_text("name =", encoding="utf-8")
    async with opened(120, 40) as face:
        await go(face, "claims")
        await face.settle()
        # Once more at most, where the look for what others write came round already.
        assert face.seen().count("A content file cannot be used") in {1, 2}
