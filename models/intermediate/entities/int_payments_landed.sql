{{ landed_rows('payments') }}
