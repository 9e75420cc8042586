"""
The wire: Avro schemas, codecs, and the topics that carry them.

Read `topics` (what flows where), the `.avsc` files (every field documented),
`framing` (how a schema is named in a record), then `events`, `state` and
`updates`: bytes to and from the values of `loyalty`.
"""
