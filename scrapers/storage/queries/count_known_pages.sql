-- How many of these addresses, one counted as often as it is given, are pages of the ledger.
SELECT count(*) FROM unnest(%(url_sha256)b::bytea[]) AS link (url_sha256) JOIN pages USING (url_sha256);
