"""What stands between dbt's warehouse and readers: audit, publication, rollback, the refresh lock.

A refresh holds `lock.refresh_lock`, builds with dbt, asks `audit.audit`, and only then calls
`generations.publish` with the marts that `marts.marts_of` finds in the manifest.
"""
