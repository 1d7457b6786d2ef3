"""Work on what is stored, or on single pages, beside crawls: ingest, quarantine, extract, outlet check."""
