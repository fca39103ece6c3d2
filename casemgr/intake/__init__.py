"""Other people's files read into typed rows, each with its place of origin; nothing here saves anything."""
