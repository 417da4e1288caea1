"""The shapes of apps: what comes in and what goes out."""
