{#
  A hash of several columns, as 32 hexadecimal digits; the same on every engine.
  Why: nulls must count, and ('ab', 'c') must differ from ('a', 'bc').
  Example: {{ hash_key(['order_id', 'line_number']) }}
#}
{% macro hash_key(columns) -%}
md5(
    {%- for column in columns %}
    coalesce(cast({{ column }} as string), '_null_'){{ " || '|' ||" if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}
