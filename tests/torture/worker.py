"""A process that makes processes that log until they are killed.

It has imported everything already, so that a hundred of them cost little. Each line on its standard input
starts one, whose id it prints; the one before is waited for first. What a worker was told is saved, it
appends to a file, unbuffered: who reads that file knows what was acknowledged.
"""

from __future__ import annotations

import os
import random
import sys
from datetime import timedelta
from itertools import count

from casemgr.core.commands import FollowUpWish, LogActivity
from casemgr.services.activities import log_batch
from casemgr.services.desk import open_desk
from casemgr.services.drafts import keep_draft, saving
from casemgr.services.patients import the_patient_id
from casemgr.settings import read_settings

SIZES = (1, 1, 1, 30)
"""How many activities are logged at once, in turn: mostly one, and now and then a batch."""


def work(acknowledged: str) -> None:
    """Log until somebody ends it."""
    told = os.open(acknowledged, os.O_WRONLY | os.O_APPEND)
    desk = open_desk(read_settings())
    patient = the_patient_id(desk, "1030")
    today = desk.today()
    follow_up = FollowUpWish(today, "confirm the ride")
    for number in count():
        day = today - timedelta(days=random.randrange(1000))
        note = f"{os.urandom(8).hex():x<500}"
        keep_draft(desk, "line", {"text": note})
        wish = LogActivity(patient, "referral", day, 1, "booked", note=note, follow_ups=(follow_up,))
        with saving(desk, "line"):
            logged = log_batch(desk, dict.fromkeys(map(str, range(SIZES[number % len(SIZES)])), wish))
        os.write(told, "".join(f"{one.activity.id}\n" for one in logged).encode())


def main(acknowledged: str) -> None:
    """Start workers, one a line."""
    before = 0
    for _ in sys.stdin:
        if before:
            os.waitpid(before, 0)
        before = os.fork()
        if not before:
            try:
                work(acknowledged)
            finally:
                os._exit(1)
        print(before, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
