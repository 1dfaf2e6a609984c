{{ landed_rows('accounts') }}
