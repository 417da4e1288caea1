"""Greenroom: from a product request to a running preview, on your own server."""
