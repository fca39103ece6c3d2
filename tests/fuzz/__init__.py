"""Bad input without end, on every reader: `python -m tests.fuzz`."""
