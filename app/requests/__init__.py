"""Requests: what somebody asked for, from draft to live."""
