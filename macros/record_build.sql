{#
  Writes down which dbt command is writing the warehouse, before it begins.

  Why: the publication trusts the results of a build only while nothing else has written since.
  Commands that write nothing, such as `dbt test`, leave it.
#}
{% macro record_build() -%}
{%- if execute and writes_the_warehouse() -%}
    {%- set last_build = api.Relation.create(
        database=target.get('database'), schema='intermediate', identifier='last_build', type='table'
    ) -%}
    {%- do adapter.create_schema(last_build) -%}
    {%- do begin_keeping(last_build) -%}
    {%- do adapter.drop_relation(last_build) -%}
    {%- do run_query("create table " ~ last_build ~ " as select '" ~ invocation_id ~ "' as invocation_id") -%}
{%- endif -%}
{%- endmacro %}


{# Whether this dbt command makes relations. #}
{% macro writes_the_warehouse() -%}
{{ return(flags.WHICH in ['build', 'run', 'seed', 'snapshot', 'retry']) }}
{%- endmacro %}
