"""Checks: pure functions from an exchange to findings, one module per concern."""
