-- Pages that can be leased, in the order in which they are: a lease reads as many of them as it takes, instead of sorting
-- all that wait (100,000 of them: 1.5 ms of CPU a lease instead of 89).
CREATE INDEX pages_leasable_idx ON pages (outlet, announced_published DESC NULLS LAST, page_id)
WHERE state IN ('discovered', 'leased', 'deferred', 'gave_up') OR next_fetch_at IS NOT NULL;
