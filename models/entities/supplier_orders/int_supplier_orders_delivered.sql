{{ union_sources('supplier_orders') }}
