"""What the tests that start the real server share; only the standard library."""
