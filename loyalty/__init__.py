"""
The rules of the business: values in, values out, standard library only.

Read `events` (facts that reach us), `program` (rules as data), `member` (what
we remember), then `decide`, which is the only door. `points`, `tiers`,
`offers` and `triggers` hold one family of rules each; `view` is what others
may see. `baskets` says what a basket would be discounted by, for nobody yet.
Nothing here knows a clock, a socket, a setting or chance.
"""
