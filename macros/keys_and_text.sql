{#
  Text as a person would read it: trimmed, and null where a system wrote a word for "nothing".
  Why: DuckDB makes a join of `in` with so many values, which costs three times as much as comparing.

  Example: {{ clean_text('city') }}   ' Shanghai ' -> 'Shanghai', 'N/A' -> null, '无' -> null
#}
{% macro clean_text(column) -%}
case lower({{ trimmed(column) }})
    {%- for nothing in words_for_nothing() %} when '{{ nothing }}' then null{% endfor %}
    else {{ trimmed(column) }}
end
{%- endmacro %}


{# What systems write for nothing, in small letters. #}
{% macro words_for_nothing() -%}
{{ return(['', '-', 'null', 'none', 'nan', 'n/a', '#n/a', '无']) }}
{%- endmacro %}


{#
  A key, qualified by its source so that the same number in two systems is two things; null where
  the system wrote nothing, or a zero for nothing.

  Example: {{ source_key('pos', 'receipt_no') }}   'R-1' -> 'pos:R-1', '0' -> null
#}
{% macro source_key(source_name, column) -%}
'{{ source_name }}:' || nullif({{ clean_key(column, source_name) }}, '0')
{%- endmacro %}


{#
  A day as part of a key: one day is one key, however it is written; as it is written where it is no date.

  Example: {{ day_key('counted_on', feed('erp', 'stock')) }}   '2026-3-1' -> '2026-03-01'
#}
{% macro day_key(column, feed) -%}
coalesce(cast({{ parse_date(column, feed) }} as string), {{ clean_text(column) }})
{%- endmacro %}


{#
  The source's own number again: the key without the source in front of it.

  Example: {{ unqualified('store_id') }}   'pos:S:1' -> 'S:1'
#}
{% macro unqualified(key) -%}
substring({{ key }}, length(split_part({{ key }}, ':', 1)) + 2)
{%- endmacro %}
