-- What was asked and answered beside the body, without which no faithful WARC can be written of a fetch.
ALTER TABLE fetches ADD COLUMN request_headers bytea, ADD COLUMN response_headers bytea;

COMMENT ON COLUMN fetches.request_headers IS 'Request line and headers as sent, HTTP/1.1 text compressed with zstd, at most 64 KiB of it; without cookies and credentials. Only where the body is kept.';
COMMENT ON COLUMN fetches.response_headers IS 'The same of the answer. Names in the order of their first value, names in their usual capitals; the reason in the status line is the standard one. Content-Encoding and lengths are those of the answer as it came, the snapshot is what was unpacked from it.';
