"""What apps and their parts take and give."""
