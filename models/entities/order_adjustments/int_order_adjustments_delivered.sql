{{ union_sources('order_adjustments') }}
