"""A page's bytes as an lxml tree, and the links in it."""
