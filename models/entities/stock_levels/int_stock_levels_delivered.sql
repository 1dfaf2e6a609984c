{{ union_sources('stock_levels') }}
