"""AWS Import/Export (API 2010-06-01)."""
