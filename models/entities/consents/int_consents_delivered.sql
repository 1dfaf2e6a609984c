{{ union_sources('consents') }}
