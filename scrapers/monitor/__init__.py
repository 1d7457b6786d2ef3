"""What goes wrong, and where: alarms and their rules, coverage, the history of a URL."""
