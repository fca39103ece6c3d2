from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest

from casemgr.core.text import fold
from casemgr.errors import ContentBroken, InputRefused
from casemgr.intake.vocabulary import AREA, COLUMNS, TableName, load_vocabulary, read_mapping
from casemgr.resources import load_toml_folder

if TYPE_CHECKING:
    from pathlib import Path

TABLES: tuple[TableName, ...] = get_args(TableName)


@pytest.mark.parametrize("table", TABLES)
def test_every_column_has_headings_and_a_label(table: TableName) -> None:
    words = load_vocabulary(table)
    assert {name for name, _ in words.headings.values()} == COLUMNS[table]
    assert all(words.labels[name] for name in COLUMNS[table])
    assert all(name in COLUMNS[table] for group in words.essential for name in group)
    assert all(heading == fold(heading) and heading for heading in words.headings)


@pytest.mark.parametrize("table", TABLES)
def test_no_heading_belongs_to_two_columns(table: TableName) -> None:
    raw = next(content for path, content in load_toml_folder(AREA, None) if path.stem == table)
    headings = [fold(heading) for column in raw["column"] for heading in column["headings"]]
    assert sorted(headings) == sorted(set(headings))


def test_a_practice_s_own_file_adds_words_and_wins(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(
        """
        table = "log"
        [[column]]
        name = "patient"
        headings = ["Klient"]
        [[column]]
        name = "minutes"
        headings = ["Time", "Length of Call"]
        [words]
        not_case_work = ["Yoga"]
        """,
        encoding="utf-8",
    )
    words = load_vocabulary("log", tmp_path)
    assert words.headings["klient"] == ("patient", 0)
    assert words.headings["time"] == ("minutes", 0)
    assert words.headings["mins"][0] == "minutes"
    assert {"yoga", "break"} <= words.words["not_case_work"]
    assert words.label("patient") == "Patient"
    assert words.longest >= 3


def test_a_practice_s_own_file_of_the_same_name_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "staff.toml").write_text(
        'table = "staff"\nessential = [["login"]]\n[[column]]\nname = "login"\nheadings = ["Kennung"]\n',
        encoding="utf-8",
    )
    words = load_vocabulary("staff", tmp_path)
    assert set(words.headings) == {"kennung"}
    assert words.essential == (("login",),)
    assert words.words["credentials"] == frozenset()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('table = "log"\n[[column]]\nname = "pacient"\nheadings = ["x"]\n', "patient"),
        ('table = "log"\n[words]\nnot_case_wrk = ["x"]\n', "not_case_work"),
        ('table = "log"\nessentials = []\n', "essential"),
        ('table = "lag"\n', "log"),
    ],
)
def test_a_mistake_is_told_with_the_nearest_known(tmp_path: Path, text: str, hint: str) -> None:
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentBroken) as told:
        load_vocabulary("log", tmp_path)
    assert "ours.toml" in told.value.detail
    assert hint in told.value.detail


def test_mapping_names_columns() -> None:
    words = load_vocabulary("log")
    assert read_mapping(("patient=Client", " Birth Date = D.O.B. ", "note=a=b"), words) == {
        "patient": "Client", "birth_date": "D.O.B.", "note": "a=b",
    }  # fmt: skip


@pytest.mark.parametrize(
    "pairs", [("Client",), ("patient=",), ("=Client",), ("pacient=Client",), ("note=a", "note=b")]
)
def test_a_mapping_that_says_nothing_is_refused(pairs: tuple[str, ...]) -> None:
    with pytest.raises(InputRefused) as told:
        read_mapping(pairs, load_vocabulary("log"))
    assert told.value.todo
