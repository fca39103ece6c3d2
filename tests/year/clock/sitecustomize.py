"""Sets the clock of a process that has this folder on its path: it starts at TEST_NOW, in nanoseconds."""

from __future__ import annotations

import os
import time

if "TEST_NOW" in os.environ:
    _ahead = int(os.environ["TEST_NOW"]) - time.monotonic_ns()
    vars(time)["time_ns"] = lambda: time.monotonic_ns() + _ahead
