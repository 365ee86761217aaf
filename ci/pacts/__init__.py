"""Contracts in Pact's form: written, verified by Pact's own verifier, and searched for mistakes."""
