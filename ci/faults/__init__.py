"""What the installed SDK makes of each fault: measured, held to what must hold whatever happens, and compared."""
