"""
What is compiled, optional: each part has a twin in Python that does the same.

Read `README.md` (what, why, how it is built), `loading` (how a process finds
it), `build` (the compiler's calls) and `record_codec.c`.
"""
