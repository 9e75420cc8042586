"""Triggers and what they send: the right message, once, when it may be sent."""
