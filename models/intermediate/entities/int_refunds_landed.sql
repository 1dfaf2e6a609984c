{{ landed_rows('refunds') }}
