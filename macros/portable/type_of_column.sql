{#
  The type of a column of a relation, as the contracts write types.

  Example: {{ type_of_column(column) }}   VARCHAR -> string, DECIMAL(18,2) -> decimal(18,2)
#}
{% macro type_of_column(column) -%}
{{ return(adapter.dispatch('type_of_column')(column)) }}
{%- endmacro %}

{% macro default__type_of_column(column) -%}
{%- set type = column.data_type | lower -%}
{{ return('string' if type.startswith(('varchar', 'character varying', 'text')) else type) }}
{%- endmacro %}

{% macro spark__type_of_column(column) -%}
{{ return(column.dtype | lower) }}
{%- endmacro %}
