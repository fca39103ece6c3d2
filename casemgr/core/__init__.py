"""The pure core: records, content and rules, with no file, clock, database or screen."""
