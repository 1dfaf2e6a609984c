{{ landed_rows('consents') }}
