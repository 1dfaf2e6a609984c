{#
  The decimal number that a text means, rounded half away from zero; null when it can't be read.

  Why: DuckDB reads '1_000', Spark reads the digits of every script, and DuckDB takes '8.9e-16', as
  binary numbers near zero are written, for 0.01 when it is cast to decimal(18,2) straight away.
  Example: {{ parse_decimal('amount', 2) }}   '12.345' -> 12.35, '8.9e-16' -> 0.00, 'twelve' -> null
#}
{% macro parse_decimal(text, scale) -%}
case
    when not {{ regex_matches(text, '^ *[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)? *$') }} then null
    when lower({{ text }}) like '%e%'
        then try_cast(try_cast({{ text }} as decimal(38,18)) as decimal(18,{{ scale }}))
    else try_cast({{ text }} as decimal(18,{{ scale }}))
end
{%- endmacro %}
