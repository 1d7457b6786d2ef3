"""What goes wrong, and where: coverage, and the history of a URL."""
