{#
  A digest of the columns and rows of a relation, in any order, as a query. What SQL holds equal is: 0 and -0. Of a column
  `read_for_nulls` it counts only where it is null.

  Example: {{ content_query(this) }}
#}
{% macro content_query(relation, read_for_nulls=none) -%}
{%- set columns = '* replace (' ~ read_for_nulls ~ ' is null as ' ~ read_for_nulls ~ ')' if read_for_nulls else '*' -%}
select md5(concat_ws(' ', any_value(row_type), count(row_hash), sum(row_hash), sum(hash(row_hash))))
from (select typeof(relation) as row_type from (select 1) left join {{ relation }} as relation on false)
left join (select hash(*columns(*)) as row_hash from (select {{ columns }} from {{ relation }})) on true
{%- endmacro %}

{# The same, asked. Example: {%- set content = content_of(this) -%} #}
{% macro content_of(relation, read_for_nulls=none) -%}
{%- set response, found = adapter.execute(content_query(relation, read_for_nulls), auto_begin=False, fetch=True) -%}
{{ return(found.rows[0][0]) }}
{%- endmacro %}
