"""
What would have been: real history folded by two programs, and what differs.

`measures` counts what decisions do, `fold` goes through one member's events,
`sequence` through those of members who touch one another, `findings` holds
what comes of it: findings of parts add up to those of the whole, in any order.
"""
