"""
The dispatcher: what the engine decided to say, said once in effect.

`planning` makes deliveries of updates, `intake` queues them and goes on reading;
`dispatcher` takes what is due, `senders` send it, `attempts` say what comes of it.
"""
