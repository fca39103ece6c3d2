"""`python -m casemgr` is the command line."""

from casemgr.cli.main import main

if __name__ == "__main__":
    main()
