{{ landed_rows('products') }}
