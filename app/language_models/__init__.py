"""The language model of an installation: which one there is, what it costs, and what each asking uses."""
