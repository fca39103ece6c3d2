"""`python -m casemgr` is the command line."""

import gc
import os
import sys
from typing import NoReturn


def run() -> NoReturn:
    """Run the command line; who stops it while it still loads is not shown where it was."""
    # A command makes much that stays and few cycles: looking for them often takes a tenth of an import.
    gc.set_threshold(50_000, 20, 50)
    # Other people's plug-ins have no business with these records, and looking for them costs.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        from casemgr.cli.main import main

        main()
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        # All that was loaded dies with the process: a last hunt through it would take a tenth of a `log`.
        gc.freeze()


if __name__ == "__main__":
    run()
