"""Shell completion."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from casemgr.cli.output import show


@click.command(name="completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Examples:
      casemgr completion bash > ~/.local/share/bash-completion/completions/casemgr
      casemgr completion zsh  > "${fpath[1]}/_casemgr"
      casemgr completion fish > ~/.config/fish/completions/casemgr.fish
    """
    from casemgr.cli.main import casemgr

    found = get_completion_class(shell)
    assert found is not None
    show(found(casemgr, {}, "casemgr", "_CASEMGR_COMPLETE").source())
