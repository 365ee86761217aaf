"""Strict decoding and encoding per wire protocol, sans I/O. The query protocol so far."""
