"""Files as strangers export them, and what is true of them; see tests/python/e2e/test_strangers.py."""
