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
  What a line is worth: a quantity times the price of one, rounded to the cent once; null when the
  product is too large to be money.

  Why: a price of 0.001 is no cent, and a thousand of it are one; rounded first, they would be nothing.
  The rest as of times.
  Example: {{ line_worth(parse_decimal('quantity', 3), parse_amount('price', feed, 6)) }}   1000 × 0.001 -> 1.00
#}
{% macro line_worth(quantity, unit_price) -%}
try_cast(cast({{ quantity }} as decimal(19,3)) * try_cast({{ unit_price }} as decimal(18,6)) as decimal(18,2))
{%- endmacro %}
