"""casemgr: the log of a dental case manager, and the claims, workbooks and documents made from it."""

__version__ = "0.1.0"
