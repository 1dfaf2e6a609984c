"""Dagster's definitions, one module a concern."""
