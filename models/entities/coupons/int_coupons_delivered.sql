{{ union_sources('coupons') }}
