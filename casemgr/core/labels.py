"""What kinds and outcomes are called, straight from their declarations.

Lists need no more than that. The declarations are checked where something is logged: see core.kinds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


class KindLabels(NamedTuple):
    """The words for a kind and its outcomes."""

    title: str
    outcomes: Mapping[str, str]
    """Label by outcome id."""


class Labels:
    """Labels by kind."""

    def __init__(self, files: Iterable[tuple[Path, Mapping[str, Any]]]) -> None:
        """Take the labels out of the raw content of the kinds' files."""
        self._kinds = {path.stem: _labels(path.stem, raw) for path, raw in files}

    def of(self, kind: str) -> KindLabels:
        """The labels of a kind; plain words where its file has been taken away since."""
        return self._kinds.get(kind) or KindLabels(_plain(kind), {})


def _labels(kind: str, raw: Mapping[str, Any]) -> KindLabels:
    outcomes = raw.get("outcome")
    declared = [one for one in outcomes if isinstance(one, dict)] if isinstance(outcomes, list) else []
    return KindLabels(
        str(raw.get("title") or _plain(kind)),
        {str(one.get("id", "")): str(one.get("label", "")) for one in declared},
    )


def _plain(kind: str) -> str:
    return kind.replace("_", " ").capitalize()
