{#
  A digest of the columns and rows of a relation, in any order, as a query. What SQL holds equal is: 0 and -0.

  Example: {{ content_query(this) }}
#}
{% macro content_query(relation) -%}
select md5(concat_ws(' ', any_value(row_type), count(row_hash), sum(row_hash), sum(hash(row_hash))))
from (select typeof(relation) as row_type from (select 1) left join {{ relation }} as relation on false)
left join (select hash(*columns(*)) as row_hash from {{ relation }}) on true
{%- endmacro %}

{# The same, asked. Example: {%- set content = content_of(this) -%} #}
{% macro content_of(relation) -%}
{%- set response, found = adapter.execute(content_query(relation), auto_begin=False, fetch=True) -%}
{{ return(found.rows[0][0]) }}
{%- endmacro %}
