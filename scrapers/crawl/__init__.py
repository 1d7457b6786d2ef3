"""One run of one outlet: leases become requests, answers become results in the ledger."""
