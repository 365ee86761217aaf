"""The only modules of the contract that touch a client, a socket or a clock."""
