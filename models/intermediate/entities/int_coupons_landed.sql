{{ landed_rows('coupons') }}
