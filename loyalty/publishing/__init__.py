"""
The life of rules: draft, approval, publication; and the program that comes of it.

Read `changes` (what can be done), `rule_life` (one rule's state machine), `timeline`
(programs over time), then `publishing`, which folds changes into all of it.
"""
