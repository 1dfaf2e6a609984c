{{ landed_rows('touches') }}
