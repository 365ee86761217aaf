"""Recordings: what was sent and what came back, kept in files that vcrpy can read and that hold no secret."""
