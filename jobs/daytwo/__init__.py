"""Parts of the jobs that operators run: rebuild, reconcile, back up, repartition."""
