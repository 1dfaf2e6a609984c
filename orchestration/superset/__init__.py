"""The published marts as datasets and dashboards of Apache Superset, in its own import format.

`python -m orchestration.superset FOLDER` writes the bundle from dbt's manifest and from `bi/`, and
beside it what belongs to roles. It knows nothing of Superset but that format: Superset has an
environment of its own (`make bi`).
"""
