{#
  The configuration of a model that replaces whole partitions, and leaves the others as they are.

  What: the partitions that the query returns are written anew; `column`, the last one of the query, says
  which they are, for example the first day of the month. A partition that it does not return stays.
  Why: Spark on plain Parquet overwrites partitions and can't delete rows; DuckDB deletes rows and has no
  partitions.
  Example: {{ config(**incremental_by('month_on')) }}
#}
{% macro incremental_by(column) -%}
{{ return(adapter.dispatch('incremental_by')(column)) }}
{%- endmacro %}

{% macro default__incremental_by(column) -%}
{{ return({'materialized': 'incremental', 'incremental_strategy': 'delete+insert', 'unique_key': column}) }}
{%- endmacro %}

{% macro spark__incremental_by(column) -%}
{{ return({
    'materialized': 'incremental',
    'incremental_strategy': 'insert_overwrite',
    'partition_by': [column],
    'file_format': 'parquet',
}) }}
{%- endmacro %}
