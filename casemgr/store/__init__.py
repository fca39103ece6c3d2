"""The only place that knows SQLite: open, migrate, ledger, projection, reads, search, backup."""
