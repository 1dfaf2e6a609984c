{#
  The lower ('-') or upper ('+') end of Wilson's interval of a share, which holds also for few, none and all (Wilson 1927): of none
  it begins at 0 and of all it ends at 1, to the last digit; null of nobody. How far it reaches is the variable
  interval_standard_deviations, where no other number of deviations is given, with all its digits as a double.

  Example: {{ wilson_bound('satisfied_share', 'csat_count', '-') }}   1 of 1 -> 0.207
#}
{% macro wilson_bound(share, count, side, deviations=none) -%}
{%- set z = deviations or var('interval_standard_deviations') -%}
{%- set end = 0 if side == '-' else 1 -%}
{%- set double = 'e0' if deviations else '' -%}
case when {{ share }} = {{ end }} then {{ end }}e0 else ({{ share }} + {{ z * z / 2 }}{{ double }} / nullif({{ count }}, 0) {{ side }} {{ z }}{{ double }} * sqrt(
        ({{ share }} * (1 - {{ share }}) + {{ z * z / 4 }}{{ double }} / nullif({{ count }}, 0)) / nullif({{ count }}, 0)
    )) / (1 + {{ z * z }}{{ double }} / nullif({{ count }}, 0)) end
{%- endmacro %}
