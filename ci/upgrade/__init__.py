"""What changes for callers, readers and emulators between two releases of the SDK: looked at, judged, and told."""
