"""The terminal as Textual reads it, made to bear what terminals send that is no text."""

from __future__ import annotations

from codecs import getincrementaldecoder
from functools import partial
from typing import TYPE_CHECKING

from casemgr.tui.messages import Faulted

if TYPE_CHECKING:
    from codecs import IncrementalDecoder
    from collections.abc import Callable

    from textual.driver import Driver


def steady(driver: type[Driver]) -> type[Driver]:
    """A driver that reads bytes which are no UTF-8 as �; one that is not known to fail at them as it is."""
    if driver.__module__ != "textual.drivers.linux_driver":
        return driver
    # Imported here: there is no such terminal on Windows.
    from textual.drivers import linux_driver

    # Its reader makes its own decoder, and has no setting for what cannot be decoded.
    vars(linux_driver)["getincrementaldecoder"] = _lenient

    class SteadyDriver(linux_driver.LinuxDriver):
        """Textual's driver; a fault of its reader is told as any other, and not with a traceback."""

        def _run_input_thread(self) -> None:
            try:
                self.run_input_thread()
            except Exception as error:
                self._app.post_message(Faulted(error))

    return SteadyDriver


def _lenient(encoding: str) -> Callable[[], IncrementalDecoder]:
    return partial(getincrementaldecoder(encoding), "replace")
