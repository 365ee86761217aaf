"""A consumer's test run against faults: what is tried, what came of it, how it is told. Nothing here imports pytest."""
