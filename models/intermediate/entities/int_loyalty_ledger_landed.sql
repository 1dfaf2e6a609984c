{{ landed_rows('loyalty_ledger') }}
