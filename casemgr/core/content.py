"""TOML to frozen content models; a mistake is told by file and line or key, with the nearest known key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, get_args

from casemgr.errors import ContentBroken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from casemgr.core.base import Content

ModelT = TypeVar("ModelT", bound="Content")


def parse_toml(text: str, place: Path | str) -> dict[str, Any]:
    """What a TOML text holds.

    Raises:
        ContentBroken: it is no TOML; the detail names the line.
    """
    # Imported here, since it costs 2 ms that commands without content need not pay.
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Endless numbers and nesting come as other errors than those of the grammar.
        raise broken(place, [str(error)]) from None


def parse_content(model: type[ModelT], text: str, place: Path | str) -> ModelT:
    """A content model from a TOML text.

    Args:
        model: what the file declares.
        text: the file's text.
        place: the file, as people are to be told it.

    Raises:
        ContentBroken: it is no TOML, or a key is unknown, missing or not what it should be.
    """
    return read_content(model, parse_toml(text, place), place)


def read_content(model: type[ModelT], raw: Mapping[str, Any], place: Path | str, **given: object) -> ModelT:
    """A content model from what a TOML file holds.

    Args:
        model: what the file declares.
        raw: the file's content.
        place: the file, as people are to be told it.
        given: values from elsewhere, such as the file's name, that the file itself must not set.

    Raises:
        ContentBroken: with a line for each key that is unknown, missing or not what it should be.
    """
    # Imported here, as below: what only reads TOML must not wait for the models.
    from pydantic import ValidationError

    faults = [f'key "{key}" is not for the file to set' for key in given if key in raw]
    if not faults:
        try:
            return model.model_validate({**raw, **given})
        except ValidationError as error:
            faults = [fault for _, fault in faults_of(model, error)]
    raise broken(place, faults)


def faults_of(model: type[BaseModel], error: ValidationError) -> list[tuple[tuple[int | str, ...], str]]:
    """Where each of pydantic's findings lies, and what it is in the words of the file."""
    return [(one["loc"], _fault(model, one)) for one in error.errors(include_url=False)]


def broken(place: Path | str, faults: Iterable[str]) -> ContentBroken:
    """The error for a content file that cannot be used, with a line for each fault."""
    return ContentBroken(
        "A content file cannot be used",
        "\n".join(f"{place}: {fault}" for fault in faults),
        "Mend what is named, or move the file out of its folder; nothing was saved.",
    )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean "label"?`, to go on within a sentence; all that is known where none is near."""
    # Imported here: only mistakes need it.
    from difflib import get_close_matches

    choices = sorted(known)
    near = get_close_matches(name.casefold(), choices, n=1, cutoff=0.5)
    if near:
        return f'; did you mean "{near[0]}"?'
    return f"; known: {', '.join(choices)}" if choices else ""


def _fault(model: type[BaseModel], error: ErrorDetails) -> str:
    """One of pydantic's findings in the words of the file."""
    loc = error["loc"]
    if error["type"] == "extra_forbidden":
        inside = f" in {_place(loc[:-1])}" if loc[:-1] else ""
        return f'unknown key "{loc[-1]}"{inside}{did_you_mean(str(loc[-1]), _keys_at(model, loc[:-1]))}'
    if error["type"] == "missing":
        return f"{_place(loc)} is missing"
    message = error["msg"].removeprefix("Value error, ")
    return f"{_place(loc)}: {message}" if loc else message


def _place(loc: tuple[int | str, ...]) -> str:
    """`("field", 1, "label")` as `label of field 2`."""
    parts: list[str] = []
    for part in loc:
        if isinstance(part, int) and parts:
            parts[-1] += f" {part + 1}"
        elif part != "[key]":
            parts.append(str(part))
    return " of ".join(reversed(parts))


def _keys_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the file may use at a place in it."""
    current: type[BaseModel] | None = model
    for part in loc:
        if current is None:
            return []
        if isinstance(part, str):
            fields = current.model_fields.items()
            inside = [info.annotation for name, info in fields if (info.alias or name) == part]
            # What is no field is the key of a mapping, whose values the model is already.
            current = _model_within(inside[0]) if inside else current
    return [info.alias or name for name, info in current.model_fields.items()] if current else []


def _model_within(annotation: object) -> type[BaseModel] | None:
    """The model that `tuple[Field, ...]` and the like hold."""
    from pydantic import BaseModel

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _model_within(arg))), None)
