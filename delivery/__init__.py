"""
How messages leave the house: written, signed, addressed, and sent.

Read `rendering`, then `signing`, `targets` and `web`, then `mail`. Nothing here
knows a queue: what is to be sent and when is the dispatcher's (streams/dispatching).
"""
