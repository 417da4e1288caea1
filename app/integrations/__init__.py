"""Doors to the outside: a Protocol, the real one and an embedded one each."""
