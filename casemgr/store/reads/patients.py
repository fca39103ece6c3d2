"""Patients, their coverage and their cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casemgr.core.people import PatientRef, decide
from casemgr.core.records import Case, Coverage, Patient
from casemgr.core.rows import CoverageRow
from casemgr.core.text import fold, last_first, words
from casemgr.store.reads.records import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from casemgr.core.people import Match, PersonText
    from casemgr.store.database import Store

_REF = "SELECT p.id, p.chart_number, p.last_name, p.first_name, p.birth_date FROM patients p"


def prefix_query(text: str) -> str:
    """A full-text query in which every word of a text may be the beginning of a word; empty for no words."""
    return " ".join(f'"{word}"*' for word in words(text))


class StoredPatients:
    """Looks patients up for the one-line entry: the store narrows down, the core decides."""

    def __init__(self, store: Store) -> None:
        """Look in an open store."""
        self.store = store

    def find(self, person: PersonText) -> Match:
        """Who is meant: one patient, several, or nobody with the nearest."""
        return decide(person, self.candidates(person))

    def candidates(self, person: PersonText) -> list[PatientRef]:
        """Everybody who can fit, never cut short; where nobody does, those who come near.

        Near are namesakes with another birth date, then everybody with the start of a word.
        """
        found = self.fitting(person)
        if found or not person.words:
            return found
        starts = " OR ".join(f'"{word[:2]}"*' for word in person.words)
        return self._found(f"search_key : ({spelled(person)})", "LIMIT 400") or self._found(
            f"search_key : ({starts})", "LIMIT 400"
        )

    def fitting(self, person: PersonText) -> list[PatientRef]:
        """Everybody who can fit, never cut short: by chart number, else by name and birth date."""
        if person.chart:
            # Full text folds case; the digits must still be the same.
            near = self._found(f'chart_number : "{fold(person.chart)}"')
            found = [ref for ref in near if fold(ref.chart_number) == fold(person.chart)]
            if found:
                return found
        if not person.words:
            return []
        born = person.birth_date.isoformat() if person.birth_date else f"{person.birth_year or ''}"
        return self._found(f"search_key : ({spelled(person)})", "AND p.birth_date LIKE ?", (f"{born}%",))

    def _found(self, query: str, narrowed: str = "", more: Sequence[object] = ()) -> list[PatientRef]:
        return self._refs(
            "JOIN patients_found f ON f.rowid = p.row "
            f"WHERE patients_found MATCH ? AND p.voided = 0 {narrowed}",
            (query, *more),
        )

    def _refs(self, where: str, parameters: Sequence[object]) -> list[PatientRef]:
        return refs_of(self.store.rows(f"{_REF} {where}", parameters))


def spelled(person: PersonText) -> str:
    """The full-text query that every name that can be meant fulfils."""
    return " AND ".join(f"({' OR '.join(quoted(forms))})" for forms in person.spellings)


def quoted(forms: Iterable[str]) -> Iterator[str]:
    """Words as full-text strings."""
    return (f'"{form}"' for form in dict.fromkeys(forms))


def refs_of(rows: Iterable[tuple[str, str, str, str, str]]) -> list[PatientRef]:
    """Patient references from rows of id, chart number, last name, first name and birth date."""
    return [PatientRef.of(*row) for row in rows]


def patient_ref(store: Store, patient_id: str) -> PatientRef:
    """What tells a patient that is there from all others."""
    (found,) = refs_of(store.rows(f"{_REF} WHERE p.id = ?", (patient_id,)))
    return found


def all_refs(store: Store) -> list[PatientRef]:
    """Every patient, for an import that looks up thousands."""
    return refs_of(store.rows(f"{_REF} WHERE p.voided = 0 ORDER BY p.row"))


def find_patients(store: Store, search: str = "", limit: int = 0) -> list[Patient]:
    """Patients by name; with a search, those where a word or the chart number begins with each word of it."""
    query = prefix_query(search)
    condition = "voided = 0"
    parameters: list[object] = []
    if query:
        condition += " AND row IN (SELECT rowid FROM patients_found WHERE patients_found MATCH ?)"
        parameters.append(query)
    sql = (
        "SELECT id, chart_number, last_name, first_name, birth_date, gender, language, phone, address "
        f"FROM patients WHERE {condition} ORDER BY last_name, first_name, birth_date"
    )
    if limit:
        sql += f" LIMIT {int(limit)}"
    names = (
        "id",
        "chart_number",
        "last_name",
        "first_name",
        "birth_date",
        "gender",
        "language",
        "phone",
        "address",
    )
    return [
        Patient.model_construct(**{**dict(zip(names, row, strict=True)), "voided": False})
        for row in store.rows(sql, parameters)
    ]


def coverages(store: Store, patient_id: str = "") -> list[CoverageRow]:
    """Coverages, of one patient or of all, by patient and first day."""
    condition, parameters = ("AND c.patient_id = ?", (patient_id,)) if patient_id else ("", ())
    rows = store.rows(
        "SELECT c.id, p.last_name, p.first_name, p.birth_date, p.chart_number FROM coverages c "
        f"JOIN patients p ON p.id = c.patient_id WHERE c.voided = 0 {condition} "
        "ORDER BY p.last_name, p.first_name, p.birth_date, c.valid_from, c.row",
        parameters,
    )
    found = []
    for coverage_id, last, first, birth_date, chart in rows:
        coverage = load(store, Coverage, coverage_id)
        assert coverage is not None
        found.append(CoverageRow(coverage, last_first(last, first), birth_date, chart))
    return found


def coverages_of(store: Store, patient_id: str) -> list[Coverage]:
    """A patient's live coverages, newest first day first."""
    names = ("id", "patient_id", "payer", "payer_name", "member_id", "valid_from", "valid_to")
    rows = store.rows(
        f"SELECT {', '.join(names)} FROM coverages WHERE patient_id = ? AND voided = 0 "
        "ORDER BY valid_from DESC, row DESC",
        (patient_id,),
    )
    return [
        Coverage.model_construct(**{**dict(zip(names, row, strict=True)), "voided": False}) for row in rows
    ]


def cases(store: Store, patient_id: str = "", open_only: bool = False) -> list[Case]:
    """Cases, of one patient or of all, newest first."""
    conditions, parameters = ["voided = 0"], []
    if patient_id:
        conditions.append("patient_id = ?")
        parameters.append(patient_id)
    if open_only:
        conditions.append("closed_on = ''")
    ids = store.rows(
        f"SELECT id FROM cases WHERE {' AND '.join(conditions)} ORDER BY opened_on DESC, row DESC", parameters
    )
    found = [load(store, Case, row[0]) for row in list(ids)]
    return [case for case in found if case is not None]
