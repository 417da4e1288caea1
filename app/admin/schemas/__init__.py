"""What the pages and endpoints of the administration take and give."""
