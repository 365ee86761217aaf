"""Explains what the toolkit knows: kinds of findings, rules and documented errors, for a terminal and as Markdown."""
