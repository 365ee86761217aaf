"""Reports in forms that other programs read: each a pure function of the JSON reports."""
