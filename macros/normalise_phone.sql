{#
  A phone number as digits, without the country code of China (0086 or 86 before 11 digits); null
  with fewer than 7 digits.

  Example: {{ normalise_phone('phone') }}   '+86 137-2222-0009' -> '13722220009'
#}
{% macro normalise_phone(column) -%}
{%- set digits = regex_replace_all(column, '[^0-9]', '') -%}
case
    when length({{ digits }}) < 7 then null
    when length({{ digits }}) in (13, 15) and right({{ digits }}, 13) like '861%'
        then right({{ digits }}, 11)
    else {{ digits }}
end
{%- endmacro %}
