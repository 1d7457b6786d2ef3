"""Page → Article: pure functions, one module a layer."""
