{#
  All rows of an entity, from every source that delivers it, in the columns of its contract.

  What: `select … from contract__orders union all select … from stg_pos__orders union all …`.
  Why: the contract comes first and has no rows, so that an entity which nobody delivers is an empty
  relation with the right types, and every mart still builds. What several tables of one source
  deliver is named with the table: interactions__tickets is of the entity interactions.
  Example: {{ union_sources('orders') }}
#}
{% macro union_sources(entity) -%}
{%- set columns = contract_columns(entity) | join(', ') or '*' -%}
select {{ columns }} from {{ ref('contract__' ~ entity) }}
{%- for source, delivered in var('sources').items() %}
{%- for name in delivered if name.split('__')[0] == entity %}
union all
select {{ columns }} from {{ ref('stg_' ~ source ~ '__' ~ name) }}
{%- endfor %}
{%- endfor %}
{%- endmacro %}


{# The column names of an entity's contract, in order; known once dbt executes, empty while it parses. #}
{% macro contract_columns(entity) -%}
{%- set node = graph.nodes['model.' ~ project_name ~ '.contract__' ~ entity] if execute else {} -%}
{{ return(node.get('columns', {}).keys() | list) }}
{%- endmacro %}
