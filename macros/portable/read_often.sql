{#
  How a relation is kept that one model reads several times and that takes long to compute.

  What: a view on DuckDB, which computes it once in a query, and a table on Spark.
  Why: Spark puts a view into the query in each place where it is named, and plans and computes it there: of the entities,
  which come of all their sources, that was the larger part of a refresh.
  Example: {{ config(materialized=read_often()) }}
#}
{% macro read_often() -%}
{{ return(adapter.dispatch('read_often')()) }}
{%- endmacro %}

{% macro default__read_often() -%}
{{ return('view') }}
{%- endmacro %}

{% macro spark__read_often() -%}
{{ return('table') }}
{%- endmacro %}
