"""A night: what is planned, run, put together, told and kept, step by step, with a summary whatever happens."""
