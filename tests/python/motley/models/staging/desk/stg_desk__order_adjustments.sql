{#- The columns of each kind, with what they do to the worth of the order. -#}
{%- set kinds = {'discount': '-', 'shipping': '', 'tax': ''} -%}

with source as (

    select
        *,
        {{ row_kind('order_adjustments', feed('desk', 'orders')) }} as _row_kind
    from {{ source('desk', 'orders') }}

)

{%- for kind, sign in kinds.items() %}
select
    {{ source_key('desk', 'order_no') }} || ':{{ kind }}' as adjustment_id,
    {{ source_key('desk', 'order_no') }} as order_id,
    '{{ kind }}' as adjustment_kind,
    {{ sign }}{{ parse_decimal(kind, 2) }} as adjustment_amount,
    _row_kind,
    _line, _batch, _landed_at
from source
{{ 'union all' if not loop.last }}
{%- endfor %}
