{{ union_sources('channel_spend') }}
