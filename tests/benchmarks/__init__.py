"""Measures of speed and size, each beside a yardstick measured in the same run; never part of the suite."""
