"""People's settings: shown with where they come from, set and unset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from casemgr.cli.options import json_option, with_content
from casemgr.cli.output import say, show, show_error, show_json, show_table

if TYPE_CHECKING:
    from casemgr.services.content import ContentDesk


@click.group(name="settings", invoke_without_command=True)
@json_option
@click.pass_context
@with_content
def settings_command(desk: ContentDesk, ctx: click.Context, as_json: bool) -> None:
    """Show and change how the program is to be: theme, keys, defaults.

    \b
    Examples:
      casemgr settings                                  all of them, and where each comes from
      casemgr settings set theme light
      casemgr settings set keys.today.whose "w,f6"      another key, by the id of what it does
      casemgr settings unset theme

    They stand in the file settings.toml of the config folder, which people may write in as well. Nothing of
    the record depends on them.
    """
    if ctx.invoked_subcommand is not None:
        return
    from casemgr.services.preferences import preferences, settings_shown

    shown = settings_shown(desk.places)
    trouble = preferences(desk.places).trouble
    if trouble is not None:
        show_error(trouble)
    if as_json:
        show_json([each._asdict() for each in shown])
        return
    show_table(
        ("Setting", "Value", "Source", "What it is"),
        ((each.name, readable(each.value), each.source, each.about) for each in shown),
    )


def readable(value: str | int | bool) -> str:
    """A setting's value as people write it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


@settings_command.command(name="set")
@click.argument("name")
@click.argument("value")
@with_content
def set_(desk: ContentDesk, name: str, value: str) -> None:
    """Change a setting; the rest of the file stays as it is.

    \b
    Examples:
      casemgr settings set theme light
      casemgr settings set whose everybody
      casemgr settings set default_kind referral
      casemgr settings set editor "code --wait"
    """
    from casemgr.services.preferences import save_preference

    save_preference(desk.places, name, value)
    say("Set.")


@settings_command.command()
@click.argument("name")
@with_content
def unset(desk: ContentDesk, name: str) -> None:
    """Take a setting out of the file, so that its default counts.

    \b
    Examples:
      casemgr settings unset theme
      casemgr settings unset keys.today.whose
    """
    from casemgr.services.preferences import unset_preference

    unset_preference(desk.places, name)
    say("Unset.")


@settings_command.command()
@with_content
def path(desk: ContentDesk) -> None:
    """Say where the settings are kept, whether there are any yet or not.

    \b
    Examples:
      casemgr settings path
    """
    from casemgr.services.preferences import settings_file

    show(str(settings_file(desk.places)))
