"""
Bridges: orders and activity in from another broker, member events out to one.

Reading order: `ports`, `messages`, `inward`, `member_events`, `outward`; then an
adapter for each system, thin over its library, and `addresses`, which chooses.
"""
