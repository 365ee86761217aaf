"""What is known about services beyond their models; one folder per service."""
