{#
  Money times a number, rounded to the cent; null when the product is too large to be money.

  Why: engines multiply two decimals of 18 digits within 18 digits, and fail on an absurd one.
  Example: {{ times('gross_amount', 'exchange_rate') }}   12.50 × 7.123000 -> 89.04
#}
{% macro times(amount, factor) -%}
try_cast(cast({{ amount }} as decimal(28,2)) * {{ factor }} as decimal(18,2))
{%- endmacro %}
