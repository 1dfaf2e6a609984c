{{ union_sources('loyalty_ledger') }}
