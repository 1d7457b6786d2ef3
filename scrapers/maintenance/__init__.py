"""Work beside crawls: ingest, quarantine, re-extraction, takedowns, upkeep, single pages, the check of an outlet."""
