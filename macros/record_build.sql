{#
  Writes down which dbt command is writing the warehouse, before it begins, and drops what no node makes any more.

  Why: the publication trusts the results of a build only while nothing else has written since.
  Commands that write nothing, such as `dbt test`, leave it.
#}
{% macro record_build() -%}
{%- if execute and writes_the_warehouse() -%}
    {%- set last_build = api.Relation.create(
        database=target.get('database'), schema='intermediate', identifier='last_build', type='table'
    ) -%}
    {%- do adapter.create_schema(last_build) -%}
    {%- do adapter.dispatch('drop_what_is_gone')(last_build) -%}
    {%- do begin_keeping(last_build) -%}
    {%- do adapter.drop_relation(last_build) -%}
    {%- do run_query("create table " ~ last_build ~ " as select '" ~ invocation_id ~ "' as invocation_id") -%}
{%- endif -%}
{%- endmacro %}


{#
  Drops the tables and views of models, seeds and feeds that are no more, or whose source is off, and says so: nobody would
  correct them, or take out of them what is too old, and views that are not made anew break with what they read.
  Only in schemas that the project names for its nodes, and of feeds only views, as in `quarantine`, where 0.1.0 had them: the
  profile's own schema, where whoever names none makes tables, is left alone. Spark's stay: their files lie in folders of their own.
#}
{% macro default__drop_what_is_gone(last_build) -%}
{%- endmacro %}

{% macro duckdb__drop_what_is_gone(last_build) -%}
{%- set made = [(last_build.schema ~ '.' ~ last_build.identifier) | lower] -%}
{%- set schemas, of_views = [last_build.schema], ['quarantine'] -%}
{%- for node in graph.nodes.values() if node.resource_type in ['model', 'seed', 'snapshot'] -%}
    {%- if node.schema != target.schema -%}{%- do schemas.append(node.schema | lower) -%}{%- endif -%}
    {%- if node.config.materialized != 'ephemeral' -%}{%- do made.append((node.schema ~ '.' ~ node.alias) | lower) -%}{%- endif -%}
{%- endfor -%}
{%- for source in graph.sources.values() if source.database == last_build.database -%}
    {%- do of_views.append(source.schema | lower) -%}
    {%- do made.append((source.schema ~ '.' ~ source.identifier) | lower) -%}
{%- endfor -%}
{%- set gone = run_query(
    'select schema_name, name, type from ('
    ~ "select database_name, schema_name, table_name as name, 'table' as type from duckdb_tables()"
    ~ " union all select database_name, schema_name, view_name, 'view' from duckdb_views()"
    ~ ") as relations where database_name = '" ~ last_build.database
    ~ "' and (lower(schema_name) in ('" ~ schemas | unique | join("', '")
    ~ "') or (type = 'view' and lower(schema_name) in ('" ~ of_views | unique | join("', '")
    ~ "'))) and lower(schema_name || '.' || name) not in ('" ~ made | join("', '") ~ "')"
) -%}
{%- for row in gone.rows -%}
    {%- do log('Nothing makes the ' ~ row[2] ~ ' ' ~ row[0] ~ '.' ~ row[1] ~ ' any more: it goes.', info=True) -%}
    {%- do adapter.drop_relation(api.Relation.create(
        database=last_build.database, schema=row[0], identifier=row[1], type=row[2]
    )) -%}
{%- endfor -%}
{%- endmacro %}


{# Whether this dbt command makes relations. #}
{% macro writes_the_warehouse() -%}
{{ return(flags.WHICH in ['build', 'run', 'seed', 'snapshot', 'retry']) }}
{%- endmacro %}
