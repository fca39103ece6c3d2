"""`python -m casemgr` is the command line."""

import sys
from typing import NoReturn


def run() -> NoReturn:
    """Run the command line; who stops it while it still loads is not shown where it was."""
    try:
        from casemgr.cli.main import main

        main()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    run()
