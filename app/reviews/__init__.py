"""Reviews: what changed, accepting it, and merging it into what is live."""
