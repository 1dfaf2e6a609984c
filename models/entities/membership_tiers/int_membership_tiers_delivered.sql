{{ union_sources('membership_tiers') }}
