"""Trying a passphrase beside everything else: it takes its time, and whoever leaves does not wait for it."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

from casemgr.tui.lane import answered
from casemgr.tui.messages import Opened

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from casemgr.clock import Clock
    from casemgr.settings import Settings


def try_passphrase(to: MessagePump, settings: Settings, clock: Clock, login: str, passphrase: str) -> None:
    """Have a passphrase tried; the answer is Opened with a desk, Refused or Faulted."""
    # Not one of the event loop's threads, for which a program that is left waits.
    Thread(target=_try, args=(to, settings, clock, login, passphrase), daemon=True).start()


def _try(to: MessagePump, settings: Settings, clock: Clock, login: str, passphrase: str) -> None:
    answer = answered(partial(_open, settings, clock, login, passphrase))
    # The screen, or the whole program, may be left by now.
    with suppress(RuntimeError):
        if to.post_message(answer):
            return
    if isinstance(answer, Opened):
        answer.desk.close()


def _open(settings: Settings, clock: Clock, login: str, passphrase: str) -> Opened:
    from casemgr.services.desk import open_unlocked
    from casemgr.services.unlocking import unlock

    return Opened(open_unlocked(settings, unlock(settings.places, login, passphrase), clock))
