"""The command line: noun and verb, data on standard output, messages on standard error."""
