"""The program's own content, and how a practice's own files join it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from casemgr.errors import ContentBroken
from casemgr.resources import content_files, content_root, load_toml, load_toml_folder

if TYPE_CHECKING:
    from pathlib import Path

AREA = "schema/activities"


def test_the_root_holds_the_content() -> None:
    assert (content_root() / "schema" / "activities" / "referral.toml").is_file()
    assert (content_root() / "exports").is_dir()


def test_our_own_files_come_in_order_of_name() -> None:
    names = [path.name for path, _ in load_toml_folder(AREA, None)]
    assert names == sorted(names)
    assert {"referral.toml", "transport.toml", "missed_visit.toml"} <= set(names)


def test_a_practice_without_a_folder_has_ours(tmp_path: Path) -> None:
    assert content_files(AREA, tmp_path / "nowhere") == content_files(AREA, None)


def test_a_practices_file_adds_or_takes_the_place_by_name(tmp_path: Path) -> None:
    (tmp_path / "transport.toml").write_text('title = "Ours"\n', "utf-8")
    (tmp_path / "zoo.toml").write_text('title = "New"\n', "utf-8")
    found = {path.name: raw for path, raw in load_toml_folder(AREA, tmp_path)}
    assert found["transport.toml"] == {"title": "Ours"}
    assert list(found)[-1] == "zoo.toml"
    assert len(found) == len(content_files(AREA, None)) + 1


def test_what_editors_leave_behind_is_not_read(tmp_path: Path) -> None:
    for name in (".#zoo.toml", "~zoo.toml", "zoo.toml~", "zoo.txt"):
        (tmp_path / name).write_text("[broken", "utf-8")
    assert content_files(AREA, tmp_path) == content_files(AREA, None)


def test_other_suffixes_can_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "letter.typ").write_text("= Letter", "utf-8")
    assert tmp_path / "letter.typ" in content_files("exports/documents", tmp_path, ".typ")


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "zoo.toml"
    path.write_bytes(b'\xef\xbb\xbftitle = "Zoo"\r\nkind = "zoo"\r\n')
    assert load_toml(path) == {"title": "Zoo", "kind": "zoo"}


def test_broken_toml_is_told_by_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "zoo.toml"
    path.write_text('title = "Zoo"\nkind = zoo\n', "utf-8")
    with pytest.raises(ContentBroken) as caught:
        load_toml_folder(AREA, tmp_path)
    assert str(path) in caught.value.detail
    assert "line 2" in caught.value.detail
    assert caught.value.todo
    assert caught.value.exit_code == 9


@pytest.mark.parametrize(("content", "said"), [(b"title = '\xff'\n", "UTF-8"), (None, "directory")])
def test_what_cannot_be_read_is_told_by_file(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "zoo.toml"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(ContentBroken) as caught:
        load_toml(path)
    assert str(path) in caught.value.detail
    assert said in caught.value.detail


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_a_pipe_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "zoo.toml")
    with pytest.raises(ContentBroken) as caught:
        load_toml_folder(AREA, tmp_path)
    assert "zoo.toml: it is a pipe or a device, not a file" in caught.value.detail
