{{ landed_rows('competitor_prices') }}
