"""The first start: from nothing to a practice, a first patient and a first activity."""
