"""What the pages of the administration show, made ready for their templates."""
