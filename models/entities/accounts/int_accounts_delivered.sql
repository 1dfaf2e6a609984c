{{ union_sources('accounts') }}
