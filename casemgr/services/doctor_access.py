"""The doctor's checks of who gets in: the session, the key slots, the recovery key, keys that lie about."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from casemgr.clock import local
from casemgr.core.health import Checked, State
from casemgr.core.key_slots import RECOVERY
from casemgr.core.wording import counted
from casemgr.errors import StoreUnavailable
from casemgr.services.access import session
from casemgr.services.doctor_scene import files_in, short
from casemgr.services.unlocking import tries
from casemgr.store.key_slots import Ring, is_weak, read_slots
from casemgr.store.reads.records import all_staff
from casemgr.store.unlocked import runtime_folder

if TYPE_CHECKING:
    from pathlib import Path

    from casemgr.core.key_slots import SlotFile
    from casemgr.services.doctor_scene import Scene

_KEY = re.compile(rb"\s*[0-9A-Fa-f]{64}\s*")
LARGEST_KEY = 200
"""Bytes of a file that may hold nothing but a key."""


def access(scene: Scene) -> Checked:
    """Who has unlocked the practice, and who tried in vain."""
    if scene.unlocked is None:
        said = "locked"
        todo = "To see what only the key tells: `casemgr unlock`, then this again."
    else:
        folder = runtime_folder() if session(scene.places) else None
        said = f"unlocked by {scene.unlocked.login}" + (f", kept in {folder}" if folder else "")
        todo = ""
    if scene.unlocked is None and (vain := tries(scene.places)):
        said += f"; {counted(len(vain), 'wrong passphrase')} since it was last opened"
        return Checked(State.ADVICE, said, todo)
    return Checked(State.OK, said, todo if scene.places.database.exists() else "")


def slots(scene: Scene) -> Checked:
    """Who has a key slot, who should not have one any more, and how well the slots are made."""
    file = slot_file(scene)
    if isinstance(file, Checked):
        return file
    people = [slot for slot in file.slots if slot.label != RECOVERY]
    said = f"{counted(len(people), 'passphrase')}"
    if scene.store is not None and scene.unlocked is not None:
        # It refuses what somebody without the key has put in or taken out.
        having = set(Ring.of(file, scene.unlocked.key).whose())
        here = staff_here(scene)
        if left := sorted(having - here):
            todo = "\n".join(f"Run `casemgr staff leave {login}`." for login in left)
            return Checked(State.TROUBLE, f"can open the data, and left: {', '.join(left)}", todo)
        without = sorted(here - having)
        said = f"opened by {', '.join(sorted(having))}" + (
            f"; not by {', '.join(without)}" if without else ""
        )
    if file.coming is not None:
        todo = "Give a passphrase once, which ends it: `casemgr lock`, then `casemgr unlock`."
        return Checked(State.ADVICE, f"{said}; a change of the key was cut short", todo)
    if weak := sum(map(is_weak, people)):
        todo = "Whoever has had theirs for long gives it anew: `casemgr staff passphrase`."
        return Checked(State.ADVICE, f"{said}; {weak} made more weakly than today's", todo)
    return Checked(State.OK, said)


def staff_here(scene: Scene) -> set[str]:
    """The logins of those who have not left."""
    assert scene.store is not None
    day = local(scene.now, scene.zone).date().isoformat()
    return {one.id for one in all_staff(scene.store) if not one.active_to or day <= one.active_to}


def recovery(scene: Scene) -> Checked:
    """Whether a recovery key opens the data when passphrases are forgotten."""
    try:
        file = slot_file(scene)
    except StoreUnavailable:
        return Checked(State.UNKNOWN, "the key slots cannot be read")
    if isinstance(file, Checked):
        return file._replace(state=State.UNKNOWN, todo="")
    if file.slot(RECOVERY) is not None:
        return Checked(State.OK, "there is a recovery key; is its page in a safe place?")
    return Checked(
        State.ADVICE,
        "no recovery key: without a passphrase, all would be lost",
        "The owner makes one with `casemgr staff recovery`.",
    )


def slot_file(scene: Scene) -> SlotFile | Checked:
    """The key slots, or what is to be said where there are none.

    Raises:
        StoreUnavailable: they are gone, or damaged.
    """
    places = scene.places
    if not places.slots.exists():
        if not places.database.exists():
            return Checked(State.UNKNOWN, "there is no practice yet")
        if places.key.exists():
            return Checked(State.TROUBLE, "none: a key file opens the data", "Run `casemgr unlock`.")
    return read_slots(places.slots)


def key_file(scene: Scene) -> Checked:
    """Keys in the clear that lie beside the data, as practices from before passphrases have one."""
    found = keys_about(scene)
    if not found:
        return Checked(State.OK, "no key lies about")
    named = short(found[0])
    if scene.unlocked is not None and all(key_in(path) != scene.unlocked.key for path in found):
        todo = "Delete it, unless backups from before are to open with it."
        return Checked(State.ADVICE, f"{named} holds a key, of older data", todo)
    return Checked(
        State.TROUBLE,
        f"{named} may open the data without any passphrase",
        "`casemgr unlock` takes it up and removes it; else move it to a safe place apart from the machine.",
    )


def keys_about(scene: Scene) -> list[Path]:
    """Files near the data that hold nothing but a key."""
    places = scene.places
    folders = (places.keys, places.data, places.backups)
    return [path for path in chain.from_iterable(map(files_in, folders)) if key_in(path)]


def key_in(path: Path) -> str:
    """The key that is all that a file holds; else empty."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_KEY:
            return ""
        content = path.read_bytes()
    except OSError:
        return ""
    return content.decode("ascii").strip().lower() if _KEY.fullmatch(content) else ""
