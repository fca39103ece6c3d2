"""Questions to the tables. Lists come from the projection, single records from their newest after-image."""
