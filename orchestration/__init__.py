"""Orchestration of Regulars: landing, dbt, publication and the report."""
