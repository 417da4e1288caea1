"""What the admin of the whole installation decides."""
