{{ landed_rows('interactions') }}
