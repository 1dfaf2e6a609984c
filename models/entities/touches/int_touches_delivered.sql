{{ union_sources('touches') }}
