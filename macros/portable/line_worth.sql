{#
  What a line is worth: a quantity times the price of one, rounded to the cent once; null when the
  product is too large to be money.

  Why: a thousand at 0.001 are worth 1.00; a price that was rounded first would make nothing of them. Engines
  multiply decimals as the macro `times` says.
  Example: {{ line_worth(parse_decimal('quantity', 3), parse_amount('price', feed, 6)) }}   1000 × 0.001 -> 1.00
#}
{% macro line_worth(quantity, unit_price) -%}
try_cast(cast({{ quantity }} as decimal(19,3)) * try_cast({{ unit_price }} as decimal(18,6)) as decimal(18,2))
{%- endmacro %}
