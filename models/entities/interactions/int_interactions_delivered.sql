{{ union_sources('interactions') }}
