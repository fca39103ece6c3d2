from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casemgr.errors import CasemgrError
from casemgr.intake.remittance_835 import parse_835
from casemgr.intake.x12 import is_x12, read_segments
from tests.intake.advices import (
    CLAIM,
    FILES,
    REMITTANCES,
    claim_of,
    interchange,
    only,
    payment,
    refusal,
    somewhere,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_several_interchanges_each_with_its_own_signs() -> None:
    parts = [
        (REMITTANCES / name).read_bytes() for name in ("denial.835", "odd-delimiters.835", "one-line.835")
    ]
    file = parse_835("x.835", b"\r\n\r\n".join(parts))
    assert [advice.trace for advice in file.advices] == ["NP26111001", "EFT26111002", "EFT26111003"]
    assert somewhere(file.advices[1]) == somewhere(only("part-payment.835"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_letters_in_the_encodings_that_payers_use(encoding: str) -> None:
    text = (REMITTANCES / "part-payment.835").read_text("utf-8")
    data = text.encode(encoding)
    assert is_x12(data)
    assert "NUÑEZ" in parse_835("x.835", data).advices[0].claims[0].patient_name


@pytest.mark.parametrize(
    ("told", "cents"),
    [
        *(("45", 4500), ("45.0", 4500), ("45.5", 4550), ("45.05", 4505), (".5", 50), ("0045", 4500)),
        *(("45.", 4500), ("99999999.99", 9_999_999_999), ("0", 0), ("-0", 0)),
    ],
)
def test_amounts_are_read_to_the_cent(told: str, cents: int) -> None:
    claim = claim_of("LX*1", f"CLP*C1*1*{told}*{told}", total=told)
    assert (claim.charge_cents, claim.paid_cents, claim.patient_cents) == (cents, cents, 0)


@pytest.mark.parametrize(
    "told",
    [
        *(
            "45.005",
            "45.000",
            "100000000",
            "100000000.00",
            "-100000000",
            "9" * 5000,
            "1e3",
            "1,000",
            "$45",
            "+45",
        ),
        *("", ".", "-", "4 5", "٤٥", "NaN", "--1"),
    ],
)
def test_other_amounts_refuse_the_file_with_their_place(told: str) -> None:
    for at, inside in enumerate((f"CLP*C1*1*45*{told}", f"CAS*CO*45*{told}", f"SVC*AD:D9992*45*{told}")):
        error = refusal(interchange([payment("LX*1", *[CLAIM[1]][: bool(at)], inside, total="45")]))
        assert f"segment {5 if not at else 6} of transaction 1" in error.detail
    refusal(interchange([payment(*CLAIM, total=told)]))
    refusal(interchange([payment(*CLAIM, f"PLB*1*20261231*WO:1*{told}", total="45")]))
    refusal(interchange([payment(*CLAIM, "SVC*AD:D9992*45*45", f"AMT*B6*{told}", total="45")]))


@pytest.mark.parametrize(
    ("old", "new", "detail"),
    [
        ("SE*35*", "SE*34*", "says “34” segments, but there are 35"),
        ("SE*35*", "SE*36*", "says “36” segments"),
        ("SE*35*0001", "SE*35*0002", "another number"),
        ("SE*35*0001~\n", "", "has no end (SE)"),
        ("GE*1*", "GE*2*", "says “2” transactions"),
        ("GE*1*102", "GE*1*103", "another number"),
        ("IEA*1*", "IEA*x*", "says “x” groups"),
        ("IEA*1*000000102", "IEA*1*000000103", "another number"),
        ("DTM*472*20261007~\n", "", "says “35” segments, but there are 34"),
        ("LQ*HE*N130~", "LQ*HE*N130", "GE"),
        ("^*00501", "**00501", "which signs"),
        ("*P*:~", "*P*A~", "which signs"),
        ("*P*:~", "*P*~~", "which signs"),
        ("ISA*00*  ", "ISA*00* ", "fixed width"),
        ("IEA*1*000000102~\n", "IEA*1*000000102~\nand more", "not another one"),
    ],
)
def test_counts_and_envelopes_are_compared(old: str, new: str, detail: str) -> None:
    text = (REMITTANCES / "part-payment.835").read_text("utf-8")
    assert text.count(old) == 1
    refused = refusal(text.replace(old, new))
    assert detail in refused.detail or detail == "GE"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_that_is_cut_off_anywhere_is_refused(path: Path) -> None:
    data = path.read_bytes().rstrip(b"\r\n~\x1e")
    assert parse_835(path.name, data).advices
    ends = [found.end() for found in re.finditer(b"[~\x1e]", data)]
    for end in {*ends, *(at + 9 for at in ends), *range(110), *range(len(data) - 20, len(data))}:
        refusal(data[:end])


@pytest.mark.parametrize(
    ("kind", "version", "said"),
    [
        ("837", "005010X224A2", "claims as they are sent"),
        ("277", "005010X214", "status"),
        ("999", "005010X231A1", "receipt"),
        ("850", "005010", "850"),
        ("835", "004010X091A1", "004010X091A1"),
    ],
)
def test_other_kinds_and_versions_are_named(kind: str, version: str, said: str) -> None:
    text = interchange([payment(*CLAIM)]).replace("ST*835", f"ST*{kind}").replace("005010X221A1", version)
    assert said in refusal(text).detail


@pytest.mark.parametrize(
    "data", [b"", b" \r\n\x1a", b"Claim,Paid\nC1,45\n", b"PK\x03\x04", b"ISA", "ÿ".encode()]
)
def test_what_is_no_interchange_is_refused(data: bytes) -> None:
    refusal(data)


def _balanced_or_refused(name: str, data: bytes) -> None:
    try:
        file = parse_835(name, data)
    except CasemgrError:
        return
    for advice in file.advices:
        assert advice.balanced or advice.faults
        for claim in advice.claims:
            adjusted = [*claim.adjustments, *(one for line in claim.lines for one in line.adjustments)]
            assert claim.charge_cents == claim.paid_cents + sum(one.cents for one in adjusted)


_CHANGES = st.tuples(
    st.integers(0, 3000),
    st.integers(0, 60),
    st.sampled_from(["", "*", "~", ":", "^", "\n", "-", "9", "é", "\0", "CLP*"]),
)


@given(st.sampled_from(FILES), st.lists(_CHANGES, min_size=1, max_size=5))
def test_any_change_gives_a_result_or_a_refusal(path: Path, changes: list[tuple[int, int, str]]) -> None:
    text = path.read_text("utf-8")
    for at, length, put in changes:
        at %= len(text) or 1
        text = text[:at] + put + text[at + length :]
    _balanced_or_refused(path.name, text.encode())


_EDITS = st.tuples(
    st.integers(0, 60),
    st.sampled_from(["drop", "double", "swap", "put"]),
    st.integers(0, 16),
    st.sampled_from(["", "0", "-1", "45.001", "22", "AD:", ":", "20261131", "CO", "x", "99999999999"]),
)


@given(st.sampled_from(FILES), st.lists(_EDITS, min_size=1, max_size=4))
def test_any_wrong_segment_gives_a_result_or_a_refusal(
    path: Path, edits: list[tuple[int, str, int, str]]
) -> None:
    read = read_segments(path.name, path.read_text("utf-8"), "835", "")
    inside = [list(segment.elements) for segment in read if segment.id not in ("ST", "SE")]
    for at, what, element, put in edits:
        at %= len(inside)
        if what == "drop" and len(inside) > 1:
            del inside[at]
        elif what == "double":
            inside.insert(at, inside[at])
        elif what == "swap":
            inside[at], inside[at - 1] = inside[at - 1], inside[at]
        else:
            inside[at] = [*inside[at], *[""] * 20][:20]
            inside[at][max(element, 1)] = put
    whole = interchange([["*".join(elements) for elements in inside]])
    _balanced_or_refused(path.name, whole.encode())


@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_give_a_result_or_a_refusal(data: bytes, behind_isa: bool) -> None:
    start = (REMITTANCES / "denial.835").read_bytes()[:107] if behind_isa else b""
    with pytest.raises(CasemgrError):
        parse_835("x.835", start + data)
