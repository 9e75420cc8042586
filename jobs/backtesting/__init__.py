"""
Backtests: history read from somewhere, folded by processes, told as it goes.

`sources` reads, `worker` folds in a process of its own, `pool` holds those
processes, `running` puts their findings together, `table` shows them.
"""
