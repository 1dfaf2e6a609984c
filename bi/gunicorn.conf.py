"""How `make bi` serves Superset: to this machine alone, by threads that wait for DuckDB."""

bind = "127.0.0.1:8088"
worker_class = "gthread"
threads = 8
timeout = 120
# Nobody steers it while it runs.
control_socket_disable = True
