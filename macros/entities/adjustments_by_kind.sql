{#
  Rows of the entity order_adjustments, one of each row and kind, of a query that says in one row all
  that adjusts an order. An amount of nothing adjusts nothing, and is ignored; a row of which nothing is
  known is refused once, and not for each kind. The model says in its meta how many kinds it makes of
  each landed row (rows_per_landed_row).

  `relation` has the columns adjusted_id (what is adjusted, with its source), order_id, _row_kind and
  those of the lander; `amounts` maps each kind to its amount in SQL, and `counts` a kind to whether it
  counts, where the source knows better.
  Example: {{ adjustments_by_kind('read', {'shipping': 'shipping_amount', 'discount': '-coupon_amount'}) }}
#}
{% macro adjustments_by_kind(relation, amounts, counts={}) -%}
{%- for kind, amount in amounts.items() %}
    select
        adjusted_id || ':{{ kind }}' as adjustment_id,
        order_id,
        '{{ kind }}' as adjustment_kind,
        cast({{ amount }} as decimal(18,2)) as adjustment_amount,
        cast({{ counts.get(kind, 'null') }} as boolean) as counts_as_revenue,
        case
            when _row_kind is null and {{ amount }} = 0 then 'ignored'
            {%- if not loop.first %}
            when _row_kind = 'unknown' then 'ignored'
            {%- endif %}
            else _row_kind
        end as _row_kind,
        _line, _batch, _landed_at
    from {{ relation }}
    {{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
