"""Strategies for Import/Export."""
