"""Where the program's own content lies, and how a practice's own files join it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from casemgr.core.content import broken, parse_toml
from casemgr.errors import ContentBroken

MAX_CONTENT_BYTES = 1 << 20
"""A bigger content file is refused: ours have a hundredth of that."""


@lru_cache(maxsize=1)
def content_root() -> Path:
    """The folder that holds `schema/` and `exports/`: inside an installed package, or beside it.

    Raises:
        ContentBroken: the program was installed without its content.
    """
    package = Path(__file__).resolve().parent
    # The wheel's own folder comes first: another distribution may own a `schema` beside us in site-packages.
    for root in (package / "_content", package.parent):
        if (root / "schema" / "activities").is_dir() and (root / "exports").is_dir():
            return root
    raise ContentBroken(
        "The program's own content is missing",
        f"Neither {package / '_content'} nor {package.parent} holds the folders schema and exports.",
        "Install casemgr again; your data is not touched by that.",
    )


def content_files(area: str, own: Path | None, suffix: str = ".toml") -> list[Path]:
    """The files of an area such as `schema/activities`, in order of name.

    A file in the practice's own folder takes the place of ours with the same name, or adds to them.

    Raises:
        ContentBroken: a folder cannot be read.
    """
    found: dict[str, Path] = {}
    for folder in (content_root() / area, own):
        if folder is None or not folder.is_dir():
            continue
        try:
            paths = list(folder.iterdir())
        except OSError as error:
            raise broken(folder, [error.strerror or str(error)]) from None
        found |= {p.name: p for p in paths if p.suffix == suffix and not p.name.startswith((".", "~"))}
    return [found[name] for name in sorted(found)]


def load_toml_folder(area: str, own: Path | None) -> list[tuple[Path, dict[str, Any]]]:
    """Every TOML file of an area with its raw content; see content_files for which those are.

    Raises:
        ContentBroken: a file that is no TOML, no UTF-8 or cannot be opened, by file and line.
    """
    return [(path, load_toml(path)) for path in content_files(area, own)]


def load_toml(path: Path) -> dict[str, Any]:
    """A TOML file's raw content.

    Raises:
        ContentBroken: it is no TOML, or its text cannot be read; see content_text.
    """
    return parse_toml(content_text(path), path)


def content_text(path: Path) -> str:
    """A content file's text.

    Raises:
        ContentBroken: it is no UTF-8, too big, no file, or cannot be opened.
    """
    # Reading a pipe or a device would never end.
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise broken(path, ["it is a pipe or a device, not a file"])
    try:
        with path.open("rb") as file:
            content = file.read(MAX_CONTENT_BYTES + 1)
        if len(content) > MAX_CONTENT_BYTES:
            raise broken(path, [f"it has more than {MAX_CONTENT_BYTES >> 20} MB"])
        # Some editors put a byte order mark in front, which TOML does not know.
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise broken(path, ["the text is not UTF-8; save it as UTF-8"]) from None
    except OSError as error:
        raise broken(path, [error.strerror or str(error)]) from None
