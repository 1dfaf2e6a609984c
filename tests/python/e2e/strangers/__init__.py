"""Files as strangers export them, and what is true of them (tests/python/e2e/test_strangers.py)."""
