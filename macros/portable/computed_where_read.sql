{#
  Says of a CTE that each place which reads it computes it, for the columns which that place asks for.

  Why: DuckDB keeps the rows of a CTE that is read twice, with all columns that anybody asks for. Of many wide rows that
  costs more than to compute few columns of them again. Spark always computes them again, and has no words for it.
  Example: with converted as {{ computed_where_read() }} ( select … )
#}
{% macro computed_where_read() -%}
{{ return(adapter.dispatch('computed_where_read')()) }}
{%- endmacro %}

{% macro default__computed_where_read() -%}
not materialized
{%- endmacro %}

{% macro spark__computed_where_read() -%}
{%- endmacro %}
