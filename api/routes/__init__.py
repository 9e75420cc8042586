"""One module a family of routes; each says what it may answer."""
