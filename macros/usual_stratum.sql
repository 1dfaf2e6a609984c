{#
  Among whom a customer's next month is looked up: by the days since the last purchase and the purchases of the window of RFM, each in the
  bands of usual_change_bands.

  Example: {{ usual_stratum('days_since_last', 'window_purchase_count') }}   12 days, 4 purchases -> 7:3
#}
{% macro usual_stratum(days_since_last, purchase_count) -%}
{%- set bands = var('usual_change_bands') -%}
{{ band(days_since_last, bands.days_since_last) }} || ':' || {{ band(purchase_count, bands.purchase_count) }}
{%- endmacro %}


{# The band in which a number lies, named by where it begins. #}
{% macro band(number, beginnings) -%}
case
    {%- for beginning in beginnings | sort(reverse=true) %}
    when {{ number }} >= {{ beginning }} then '{{ beginning }}'
    {%- endfor %}
    else '0'
end
{%- endmacro %}
