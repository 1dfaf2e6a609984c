{{ landed_rows('membership_tiers') }}
