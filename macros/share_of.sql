{#
  The share of an amount that falls on a part of a whole, rounded half up to the cent; the whole bears it all, and of
  nothing nobody knows a share. Shares of running parts differ by what each adds, and these differences are together the
  amount, to the cent.

  Example: {{ share_of('adjustment_amount', 'weight_so_far', 'total_weight') }}   10.00, 1 of 3 -> 3.33, 2 of 3 -> 6.67
#}
{% macro share_of(amount, part, whole) -%}
{%- set share = 'cast(' ~ part ~ ' as double) / nullif(cast(' ~ whole ~ ' as double), 0)' -%}
case
    when {{ part }} = {{ whole }} then {{ amount }}
    else {{ round_half_up('cast(' ~ amount ~ ' as double) * (' ~ share ~ ')', 2) }}
end
{%- endmacro %}
