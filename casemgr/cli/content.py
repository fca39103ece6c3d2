"""What is declared as content: kinds of activity and procedure codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from casemgr.cli.options import json_option, with_content
from casemgr.cli.output import show, show_json, show_sheet, show_table

if TYPE_CHECKING:
    from casemgr.services.content import ContentDesk


@click.group(name="kind")
def kind_command() -> None:
    """List and show the kinds of activity.

    \b
    Examples:
      casemgr kind list
      casemgr kind show transport

    A practice adds its own as TOML files in the folder `activities` of the config folder that `casemgr
    locate` names; one of ours, copied and changed, is the best start.
    """


@kind_command.command(name="list")
@json_option
@with_content
def list_kinds(desk: ContentDesk, as_json: bool) -> None:
    """List the kinds, their codes and the words for them.

    \b
    Examples:
      casemgr kind list --json
    """
    if as_json:
        show_json(
            [
                {
                    "kind": kind.kind,
                    "title": kind.title,
                    "code": kind.code,
                    "nomenclature": kind.nomenclature,
                    "aliases": list(kind.aliases),
                }
                for kind in desk.kinds
            ]
        )
        return
    show_table(
        ("Kind", "Title", "Code", "Code set", "Words"),
        (
            (kind.kind, kind.title, kind.code, kind.nomenclature, ", ".join(kind.aliases))
            for kind in desk.kinds
        ),
    )


@kind_command.command(name="show")
@click.argument("kind")
@json_option
@with_content
def show_kind(desk: ContentDesk, kind: str, as_json: bool) -> None:
    """Show a kind: its fields, outcomes, sentence, words and templates for notes.

    \b
    Examples:
      casemgr kind show ride

    A template's holes are words in braces. A field of the kind fills the hole of its name; so do patient,
    date, start, minutes, staff, method, contacted, outcome, reason, response and next_step. Others are to be
    typed.
    """
    from casemgr.services.content import kind_named
    from casemgr.services.lookups import kind_sheet

    found = kind_named(desk, kind)
    if as_json:
        show_json(found.model_dump(mode="json", by_alias=True))
        return
    show_sheet(kind_sheet(found))


@click.group(name="code")
def code_command() -> None:
    """List and show procedure codes, in our own words.

    \b
    Examples:
      casemgr code list
      casemgr code show D9993
    """


@code_command.command(name="list")
@json_option
@with_content
def list_codes(desk: ContentDesk, as_json: bool) -> None:
    """List the codes.

    \b
    Examples:
      casemgr code list --json
    """
    if as_json:
        show_json([code.model_dump(mode="json") for code in desk.codes])
        return
    show_table(
        ("Code", "What it is", "Since", "Unit"),
        ((c.code, c.title, c.effective_from or "", c.unit) for c in desk.codes),
    )


@code_command.command(name="show")
@click.argument("code")
@json_option
@with_content
def show_code(desk: ContentDesk, code: str, as_json: bool) -> None:
    """Show a code: when to use it, its look-alikes, its documentation checklist, its usual denials.

    \b
    Examples:
      casemgr code show D9993
      casemgr code show 9993 --json
    """
    from casemgr.services.content import code_named, code_page

    found = code_named(desk, code)
    if as_json:
        show_json(found.model_dump(mode="json"))
        return
    show(code_page(found))
