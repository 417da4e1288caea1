"""The tenant: organizations, their members and the invitations to them."""
