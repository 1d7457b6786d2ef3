"""Candidates for each field of an Article, best first: one module for each field, or for some that belong together."""
