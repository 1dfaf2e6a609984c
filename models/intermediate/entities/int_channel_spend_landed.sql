{{ landed_rows('channel_spend') }}
