{#
  The columns of a row as one JSON object, with nulls; for people to read.

  Example: {{ row_as_json(['order_id', 'channel']) }}   -> {"order_id":"pos:R-1","channel":null}
#}
{% macro row_as_json(columns) -%}
{{ adapter.dispatch('row_as_json')(columns) }}
{%- endmacro %}

{% macro default__row_as_json(columns) -%}
cast(to_json(struct_pack(
    {%- for column in columns %}{{ column }} := {{ column }}{{ ', ' if not loop.last }}{% endfor -%}
)) as string)
{%- endmacro %}

{% macro spark__row_as_json(columns) -%}
to_json(struct({{ columns | join(', ') }}), map('ignoreNullFields', 'false'))
{%- endmacro %}
