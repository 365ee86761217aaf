"""What an operation promises, and what is needed to hold someone to it."""
