"""The terminal UI: screens, widgets and commands on the services."""
