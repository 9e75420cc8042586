"""
The rules of the business: values in, values out, standard library only.

Read `events` (what reaches us), `program` and `rules` (rules as data), `facts` and
`member` (what we remember), then `decide`, which is the only door. A `turn` takes one
event: it `applies` facts to a `book`, or goes through all open facts again (`replay`)
when one came late or was taken back. `earning` says what rules make of an order,
`giving` how points reach a wallet, `passing` what time does by itself, `returns` what
is left after a return; `tiers`, `games`, `offers` and `triggers` hold a family of rules
each, `command_steps` what commands ask for, `view` what others may see. Who folds a
member from event to event keeps a `trail`: it only makes that quicker. `budgets` and
`settlement` are caps over all partitions without a lock; `baskets` says what an order
would be discounted by. `civil`, `zones`, `periods`, `expiry`, `windows` and
`anniversaries` are time without a clock, `formula` is arithmetic that people write.
`engagement` is triggers and when their messages go, `journeys` take members from step
to step. `publishing` is the life of rules, and `fencing` keeps one that fails from
taking an order along.
"""
