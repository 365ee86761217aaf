"""What earlier runs found out: one SQLite file, what it can be asked, and the issues that follow from it."""
