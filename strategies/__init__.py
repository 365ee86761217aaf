"""Hypothesis strategies for shapes, requests and wire bytes."""
