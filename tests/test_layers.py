"""What the import contracts cannot see: that no layer but the store writes SQL."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import casemgr

PACKAGE = Path(casemgr.__file__).parent
ABOVE_THE_STORE = ("services", "cli", "tui", "documents", "intake")


def queries(source: str) -> list[str]:
    """The string literals of a module that read like a query, whole f-strings among them."""
    texts = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            texts.append("".join(str(part.value) for part in node.values if isinstance(part, ast.Constant)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.append(node.value)
    return [text for text in texts if "SELECT" in text and "FROM" in text]


@pytest.mark.parametrize("layer", ABOVE_THE_STORE)
def test_only_the_store_writes_queries(layer: str) -> None:
    modules = sorted((PACKAGE / layer).rglob("*.py"))

    assert modules
    found = {str(path.relative_to(PACKAGE)): queries(path.read_text("utf-8")) for path in modules}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_a_query_would_be_seen() -> None:
    assert queries((PACKAGE / "store" / "reads" / "activities.py").read_text("utf-8"))
    assert queries('find(f"SELECT id {what} FROM claims")')
