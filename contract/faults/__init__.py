"""What can go wrong with a call, as data: kinds of faults, plans of which strikes when, and what the service saw."""
