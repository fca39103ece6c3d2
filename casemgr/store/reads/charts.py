"""What is asked before a patient is saved: free chart numbers, whose a number is, and namesakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.store.reads.patients import refs_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casemgr.core.people import PatientRef
    from casemgr.store.database import Store

_FOUND = (
    "SELECT p.id, p.chart_number, p.last_name, p.first_name, p.birth_date FROM patients p "
    "JOIN patients_found f ON f.rowid = p.row WHERE patients_found MATCH ? AND p.voided = 0"
)


def highest_chart_number(store: Store) -> str:
    """The highest chart number that is all digits, withdrawn ones included; empty where there is none."""
    found = store.one(
        "SELECT chart_number FROM patients WHERE chart_number <> '' AND chart_number NOT GLOB '*[^0-9]*' "
        "ORDER BY length(ltrim(chart_number, '0')) DESC, ltrim(chart_number, '0') DESC LIMIT 1"
    )
    return found[0] if found else ""


def with_chart_number(store: Store, chart_number: str) -> list[PatientRef]:
    """Whoever has a chart number, in whatever case it is written."""
    near = refs_of(store.rows(_FOUND, (f'chart_number : "{chart_number}"',)))
    return [ref for ref in near if ref.chart_number.casefold() == chart_number.casefold()]


def born_with_words(store: Store, birth_date: str, name_words: Iterable[str]) -> list[PatientRef]:
    """Whoever was born on an ISO date and has each of the folded words in the name."""
    query = " AND ".join(f'"{word}"' for word in name_words)
    return refs_of(
        store.rows(f"{_FOUND} AND p.birth_date = ?", (f"search_key : ({query})", birth_date)),
    )


def first_service_date(store: Store, patient_id: str) -> str:
    """The service date of a patient's earliest activity as ISO text; empty where there is none."""
    found = store.one(
        "SELECT min(service_date) FROM activities WHERE patient_id = ? AND voided = 0", (patient_id,)
    )
    return (found and found[0]) or ""
