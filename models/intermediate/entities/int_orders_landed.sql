{{ landed_rows('orders') }}
