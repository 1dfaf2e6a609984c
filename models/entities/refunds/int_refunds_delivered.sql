{{ union_sources('refunds') }}
