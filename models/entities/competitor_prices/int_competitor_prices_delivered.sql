{{ union_sources('competitor_prices') }}
