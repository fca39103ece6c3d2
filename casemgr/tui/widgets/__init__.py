"""What screens are made of; each is handed what it shows and says what is wanted by messages."""
