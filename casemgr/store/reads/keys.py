"""Which activities a list has, as ids in the order of the list: rows are read only for what is in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from casemgr.store.reads.activities import conditions, in_order
from casemgr.store.reads.search import search_query

if TYPE_CHECKING:
    from casemgr.core.rows import ActivityFilter
    from casemgr.store.database import Store

_CLAIM = "LEFT JOIN claim_activities ca ON ca.activity_id = a.id"


class Key(NamedTuple):
    """An activity of a list, and its minutes."""

    id: str
    minutes: int


def keys_within(store: Store, wanted: ActivityFilter, most: int) -> list[Key]:
    """The activities of some days or of a patient in the order of `activities`, at most so many."""
    where, parameters = conditions(wanted, search_query(store, wanted.search))
    rows = store.rows(
        f"SELECT a.id, a.minutes FROM activities a {_CLAIM} {where} "
        f"ORDER BY {in_order(wanted.newest_first)} LIMIT {int(most)}",
        parameters,
    )
    return list(map(Key._make, rows))


def newest_keys(
    store: Store, wanted: ActivityFilter, most: int, looked_through: int
) -> tuple[list[Key], bool]:
    """The newest activities of a filter that names neither days nor a patient, newest first.

    Args:
        store: the open store.
        wanted: the filter; a search finds those that were entered last.
        most: at most so many are handed out.
        looked_through: so many of the newest (that the search finds) are held against the rest of the filter,
            so that one who has not worked here for years costs no walk through all of the log.

    Returns:
        The keys, and whether there may be more.
    """
    query = search_query(store, wanted.search)
    if query:
        newest = (
            "SELECT rowid AS row FROM activities_found WHERE activities_found MATCH ? ORDER BY rowid DESC"
        )
        values: list[object] = [query]
    else:
        newest, values = f"SELECT a.row FROM activities a ORDER BY {in_order(newest_first=True)}", []
    newest += f" LIMIT {int(looked_through)}"
    where, parameters = conditions(wanted)
    rows = store.rows(
        "SELECT a.service_date, a.start, a.entered_at, a.row, a.id, a.minutes "
        f"FROM ({newest}) n CROSS JOIN activities a ON a.row = n.row {_CLAIM} {where} LIMIT {int(most)}",
        [*values, *parameters],
    )
    # Sorted here: SQLite would sort all that it looks through, and take the first of those.
    found = [Key(*row[-2:]) for row in sorted(rows, reverse=True)]
    if len(found) == most:
        return found, True
    looked = store.one(f"SELECT count(*) FROM ({newest})", values)
    return found, looked is not None and looked[0] == looked_through
