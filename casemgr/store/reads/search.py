"""Full-text search over activities, worded so that FTS5 reads its index from one end and can stop early.

FTS5 gathers and sorts all that a prefix finds before it hands out the first row, unless an index of
prefixes (two and three letters here) or a whole term gives the rows in order. So one letter is asked for as
its two-letter beginnings, and a long beginning as the terms that have it.
"""

from __future__ import annotations

import re
import unicodedata
from string import ascii_lowercase, digits
from typing import TYPE_CHECKING

from casemgr.core.bounds import MAX_NAME
from casemgr.core.text import words

if TYPE_CHECKING:
    from casemgr.core.rows import ActivityFilter
    from casemgr.store.database import Store

MOST_WORDS = 12
"""Further words of a search are left alone: nobody types them, and a pasted page is no search."""

MOST_TERMS = 200
"""A beginning that more terms have is handed to FTS5 as it is."""

INDEXED_PREFIXES = (2, 3)
"""Lengths of beginnings that the index keeps ready, as its migration declares."""

_LATIN = frozenset(ascii_lowercase + digits)
_SECOND = ascii_lowercase + digits + "æðøþđħıłŋœßƒ"
"""What may follow a Latin letter or digit in the index, accents aside."""

_NO_LETTERS = re.compile("[\u19b0-\u19c0\u19c8\u19c9\u1cf2\u1cf3]")
"""Letters to Python, marks to FTS5, which would split a word at them and refuse the phrase."""

_WORD = re.compile(r"[^\W_]+")

_SPAN = "(SELECT {0}(row) FROM activities WHERE {1})"


def search_query(store: Store, text: str) -> str:
    """The query that finds activities in which each word of a text begins a word; empty for no words."""
    said = _NO_LETTERS.sub(" ", text[:MAX_NAME]).split()
    typed = dict.fromkeys(filter(None, map(spellings, said)))
    return " AND ".join(
        "(" + " OR ".join(" AND ".join(_beginning(store, word) for word in spelled) for spelled in each) + ")"
        for each in list(typed)[:MOST_WORDS]
    )


def spellings(typed: str) -> tuple[tuple[str, ...], ...]:
    """How a word may stand in the index: folded, as names are, and as FTS5 takes notes apart.

    `O'Brien` is `obrien` in a name and `o`, `brien` in a note; `đau` keeps its first letter in a note.
    """
    decomposed = unicodedata.normalize("NFD", typed.lower())
    plain = _WORD.findall("".join(ch for ch in decomposed if not unicodedata.combining(ch)))
    return tuple(dict.fromkeys(spelled for spelled in (words(typed), tuple(plain)) if spelled))


def found_within(wanted: ActivityFilter, query: str) -> tuple[str, list[object]]:
    """The condition that a search found activity `a`, with its parameters.

    Where the filter names days or a patient, only what lies between their first and last row is gone
    through. The plus keeps SQLite from asking FTS5 for each row by itself.
    """
    scope, values = scope_of(wanted)
    if not scope:
        return "a.row IN (SELECT rowid FROM activities_found WHERE activities_found MATCH ?)", [query]
    condition = (
        "a.row IN (SELECT f.rowid FROM activities_found f WHERE f.activities_found MATCH ? "
        f"AND f.rowid BETWEEN {_SPAN.format('min', scope)} AND {_SPAN.format('max', scope)} "
        f"AND +f.rowid IN (SELECT row FROM activities WHERE {scope}))"
    )
    return condition, [query, *values * 3]


def scope_of(wanted: ActivityFilter) -> tuple[str, list[object]]:
    """What of a filter an index answers and keeps small: a patient, or a first and a last day; else empty."""
    if wanted.patient_id:
        return "patient_id = ?", [wanted.patient_id]
    if wanted.first and wanted.last:
        return "service_date BETWEEN ? AND ?", [wanted.first, wanted.last]
    return "", []


def show_terms(store: Store, index: str) -> None:
    """Make the terms of a full-text index readable as the table `temp.INDEX_terms`, column `term`.

    It is a view that is gone with the transaction or the connection; only a search needs it.
    """
    store.make_temporary(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{index}_terms USING fts5vocab(main, {index}, row)"
    )


def _beginning(store: Store, word: str) -> str:
    if len(word) == 1 and word in _LATIN:
        longer = " OR ".join(f'"{word}{second}"*' for second in _SECOND)
        return f'("{word}" OR {longer})'
    if len(word) <= max(INDEXED_PREFIXES):
        return f'"{word}"*'
    terms = _terms(store, word)
    if len(terms) > MOST_TERMS:
        return f'"{word}"*'
    return "(" + " OR ".join(f'"{term}"' for term in terms or [word]) + ")"


def _terms(store: Store, beginning: str) -> list[str]:
    """The terms of the index that begin so, one more than MOST_TERMS at most."""
    show_terms(store, "activities_found")
    rows = store.rows(
        f"SELECT term FROM temp.activities_found_terms WHERE term >= ? AND term < ? LIMIT {MOST_TERMS + 1}",
        (beginning, f"{beginning}\U0010ffff"),
    )
    return [row[0] for row in rows]
