"""Archives: everything of an organization as one file, and back."""
