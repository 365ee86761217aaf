"""Recordings: format, key, scrubbing, record and replay. Nothing here yet."""
