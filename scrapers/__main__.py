"""`python -m scrapers` is `warta`."""

from scrapers.cli import main

main()
