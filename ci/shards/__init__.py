"""Shards kept as files: a run in parts, on as many machines, and put together to the report of the whole."""
