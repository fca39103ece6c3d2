"""Patients to pick from: whoever fits what is typed so far, and whoever somebody worked with last."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.store.reads.patients import refs_of
from casemgr.store.reads.search import show_terms

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from casemgr.core.people import PatientRef
    from casemgr.store.database import Store

_REF = "SELECT p.id, p.chart_number, p.last_name, p.first_name, p.birth_date FROM patients p"
_BY_NAME = "p.last_name, p.first_name, p.birth_date"


class Shown(NamedTuple):
    """What a list shows beside a patient's name."""

    language: str
    last_activity: str
    """ISO date; empty where there is none."""


def begun(
    store: Store, beginnings: Sequence[Sequence[str]], born: Sequence[str], most: int
) -> list[PatientRef]:
    """Patients by name, those first whose last name begins with what was typed first.

    Args:
        store: the open store.
        beginnings: for each word the folded forms of which a word of the name or the chart number begins with
            one; none for any name.
        born: patterns of LIKE of which the ISO birth date fits one; none for any.
        most: at most so many.
    """
    clauses = ["p.voided = 0"]
    values: list[object] = []
    order = _BY_NAME
    if beginnings:
        query = " AND ".join(
            "(" + " OR ".join(f'"{form}"*' for form in dict.fromkeys(forms)) + ")" for forms in beginnings
        )
        clauses.append("p.row IN (SELECT rowid FROM patients_found WHERE patients_found MATCH ?)")
        values.append(query)
    if born:
        clauses.append("(" + " OR ".join(["p.birth_date LIKE ?"] * len(born)) + ")")
        values.extend(born)
    if beginnings:
        # The key begins with the folded last name.
        order = f"substr(p.search_key, 1, ?) <> ?, {order}"
        values.extend((len(beginnings[0][0]), beginnings[0][0]))
    sql = f"{_REF} WHERE {' AND '.join(clauses)} ORDER BY {order} LIMIT {int(most)}"
    return refs_of(store.rows(sql, values))


def words_near(store: Store, word: str) -> set[str]:
    """Words of names of about this length that begin or end as it does, cut where a slip could not matter.

    A slip is in one half of a word, so that the other half is as it should be.
    """
    show_terms(store, "patients_found")
    length = len(word)
    begins, ends = word[: length // 2], word[length - length // 2 :]
    rows = store.rows(
        "SELECT substr(term, 1, ?) FROM temp.patients_found_terms "
        "WHERE term >= ? AND term < ? AND length(term) >= ? UNION "
        "SELECT term FROM temp.patients_found_terms "
        "WHERE length(term) BETWEEN ? AND ? AND substr(term, ?) = ?",
        (length + 1, begins, f"{begins}\U0010ffff", length - 1, length - 1, length + 1, -len(ends), ends),
    )
    return {row[0] for row in rows}


def recent_patients(store: Store, login: str, most: int, looked_through: int) -> list[PatientRef]:
    """The patients of somebody's newest activities, or of anybody's, newest first.

    Args:
        store: the open store.
        login: whose work; empty for anybody's.
        most: at most so many patients.
        looked_through: so many activities are gone through for them.
    """
    whose, values = ("staff = ? AND", (login,)) if login else ("", ())
    newest = store.rows(
        f"SELECT patient_id FROM activities WHERE {whose} voided = 0 "
        f"ORDER BY service_date DESC, {'row' if login else 'start DESC, entered_at'} DESC "
        f"LIMIT {int(looked_through)}",
        values,
    )
    ids: dict[str, None] = {}
    for (patient_id,) in newest:
        ids[patient_id] = None
        if len(ids) == most:
            break
    refs = refs_of(store.rows(f"{_REF} WHERE {among(ids)} AND p.voided = 0", tuple(ids)))
    found = {ref.id: ref for ref in refs}
    return [found[each] for each in ids if each in found]


def shown(store: Store, ids: Sequence[str]) -> dict[str, Shown]:
    """Language and date of the last activity of some patients, by id."""
    rows = store.rows(
        "SELECT p.id, p.language, coalesce((SELECT a.service_date FROM activities a "
        "WHERE a.patient_id = p.id AND a.voided = 0 ORDER BY a.service_date DESC LIMIT 1), '') "
        f"FROM patients p WHERE {among(ids)}",
        tuple(ids),
    )
    return {patient_id: Shown(*rest) for patient_id, *rest in rows}


def namesakes_of(store: Store, ref: PatientRef) -> list[PatientRef]:
    """Other patients with the same folded words in the name, in whatever order, by birth date."""
    spelled = sorted(ref.name_words)
    if not spelled:
        return []
    query = " AND ".join(f'"{word}"' for word in dict.fromkeys(spelled))
    near = refs_of(
        store.rows(
            f"{_REF} WHERE p.voided = 0 AND p.id <> ? "
            "AND p.row IN (SELECT rowid FROM patients_found WHERE patients_found MATCH ?) "
            "ORDER BY p.birth_date, p.row",
            (ref.id, f"search_key : ({query})"),
        )
    )
    return [other for other in near if sorted(other.name_words) == spelled]


def among(ids: Collection[str]) -> str:
    """The condition that a patient is one of some ids."""
    return f"p.id IN ({', '.join('?' * len(ids))})"
