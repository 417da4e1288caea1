"""Connections: doors to code hosts and deploy targets elsewhere, with what opens them."""
