"""The demo: a sample project with a living board, made by the same operations that everybody uses."""
