{{ landed_rows('stores') }}
