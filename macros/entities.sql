{#
  Every entity that sources deliver, with what is counted of it: the one list of them.

  business_on: column of the business day; none where rows have no day.
  amount: column of the money as delivered; none where rows carry no money.
  mart: the mart that holds its rows one by one, with those columns; none where no mart does.
  delivered: which rows of that mart were delivered; none where all were.
  measure: what a row of that mart counts as; none where all count as in the marts.
  Example: {% for entity, its in entities().items() %} … {{ ref('int_' ~ entity ~ '_checked') }}
#}
{% macro entities() -%}
{{ return({
    'accounts': {'mart': 'customer_accounts', 'delivered': 'not is_inferred'},
    'orders': {'business_on': 'ordered_on', 'mart': 'orders'},
    'order_lines': {
        'business_on': 'ordered_on', 'amount': 'delivered_amount', 'mart': 'order_lines',
    },
    'payments': {'business_on': 'ordered_on', 'amount': 'payment_amount'},
    'refunds': {
        'business_on': 'refunded_on', 'amount': 'delivered_amount',
        'mart': 'refunds',
        'measure': "case when is_attributed then 'in_marts' else 'unattributed' end",
    },
    'products': {'mart': 'products', 'delivered': 'not is_inferred'},
    'stores': {'mart': 'stores', 'delivered': 'not is_inferred'},
    'events': {'business_on': 'occurred_on'},
    'interactions': {'business_on': 'occurred_on'},
    'campaigns': {'business_on': 'starts_on', 'mart': 'campaigns'},
    'coupons': {},
    'touches': {'business_on': 'occurred_on'},
    'channel_spend': {'business_on': 'spent_on', 'amount': 'spend_amount'},
    'consents': {'business_on': 'changed_on'},
    'loyalty_ledger': {'business_on': 'booked_on'},
    'membership_tiers': {'business_on': 'valid_from'},
    'stock_levels': {'business_on': 'counted_on'},
    'competitor_prices': {'business_on': 'observed_on'},
}) }}
{%- endmacro %}
