{#
  Money times a decimal(18,6), rounded to the cent; null when the product is too large to be money.

  Why: DuckDB multiplies two decimals of 18 digits within 18 digits, and fails on an absurd one; Spark
  rounds a product of more than 38 digits to six decimals, before it is rounded to two.
  Example: {{ times('gross_amount', 'exchange_rate') }}   12.50 × 7.123000 -> 89.04
#}
{% macro times(amount, factor) -%}
try_cast(cast({{ amount }} as decimal(19,2)) * {{ factor }} as decimal(18,2))
{%- endmacro %}


{#
  An amount in the reporting currency, by the rate of its day; most amounts are in it already, and are left as they are.

  Example: {{ converted('delivered.gross_amount', 'orders.exchange_rate') }}
#}
{% macro converted(amount, rate) -%}
case when {{ rate }} = 1 then {{ amount }} else {{ times(amount, rate) }} end
{%- endmacro %}


{#
  Whether `rates` (int_exchange_rates) are those of a row's currency on a day of it.

  Example: left join {{ ref('int_exchange_rates') }} as rates on {{ is_rate_on('delivered', 'ordered_on') }}
#}
{% macro is_rate_on(row, day) -%}
{{ row }}.currency = rates.currency
        and {{ row }}.{{ day }} >= rates.valid_from
        and {{ row }}.{{ day }} < coalesce(rates.valid_to, date '9999-12-31')
{%- endmacro %}
