{{ landed_rows('stock_levels') }}
