{#
  Names what dbt reads: for each source table its files below `raw/`, or the one `file` that its YAML
  names below the data folder, so that `source()` reads the same on every engine.

  What: a view on DuckDB, a table over the same files on Spark, made anew when a dbt command begins.
  Why: the lander writes files and knows no engine. A column that no file has yet is there, and null.
  Example: on-run-start: ["{{ register_raw() }}"]
#}
{% macro register_raw() -%}
{%- if execute and graph.sources -%}
    {%- set tables = [] -%}
    {%- for source in graph.sources.values() -%}
        {%- do tables.append({
            'relation': api.Relation.create(database=source.database, schema=source.schema, identifier=source.identifier),
            'columns': raw_columns(source),
            'path': data_folder() ~ '/' ~ source.config.meta.get('file', 'raw/' ~ source.identifier),
        }) -%}
    {%- endfor -%}
    {%- do adapter.create_schema(tables[0].relation) -%}
    {%- do adapter.dispatch('register_files')(tables) -%}
{%- endif -%}
{%- endmacro %}


{# Where the data lies, as an absolute path: Spark takes a relative one from its own warehouse. #}
{% macro data_folder() -%}
{%- set data = env_var('REGULARS_DATA', 'data') -%}
{{ return(data if data.startswith('/') else invocation_args_dict.project_dir ~ '/' ~ data) }}
{%- endmacro %}


{# The columns of a source table with their types. A feed gives none: it is text, beside the lander's own. #}
{% macro raw_columns(source) -%}
{%- set columns = {} -%}
{%- for name, column in source.columns.items() -%}
    {%- do columns.update({name: column.data_type or 'string'}) -%}
{%- endfor -%}
{%- if not source.columns.values() | selectattr('data_type') | list -%}
    {%- do columns.update({'_file': 'string', '_line': 'bigint', '_batch': 'string', '_landed_at': 'timestamp'}) -%}
{%- endif -%}
{{ return(columns) }}
{%- endmacro %}


{# All at once, in two statements: which have files, and the views. #}
{% macro default__register_files(tables) -%}
{%- set questions = [] -%}
{%- for table in tables -%}
    {%- set is_file = table.path.endswith('.jsonl') or table.path.endswith('.parquet') -%}
    {%- do table.update({'files': literal_path(table.path, '' if is_file else '/*.parquet')}) -%}
    {%- do questions.append('exists (from glob(' ~ table.files ~ '))') -%}
{%- endfor -%}
{%- set has_files = run_query('select ' ~ questions | join(', ')).rows[0] -%}
{%- call statement(auto_begin=False) -%}
    {%- for table in tables -%}
        create or replace view {{ table.relation }} as {{ raw_view(table, has_files[loop.index0]) }};
    {%- endfor -%}
{%- endcall -%}
{%- endmacro %}


{# The rows of the files, with the columns that are described, and those besides that a file may have. #}
{% macro raw_view(table, has_files) -%}
{%- set empty, typed = [], [] -%}
{%- for name, type in table.columns.items() -%}
    {%- do empty.append('cast(null as ' ~ type ~ ') as ' ~ adapter.quote(name)) -%}
    {%- do typed.append(name ~ ": '" ~ type ~ "'") -%}
{%- endfor -%}
select {{ empty | join(', ') }} where false
{%- if has_files %}
union all by name
select * from {% if table.path.endswith('.jsonl') -%}
    read_json({{ table.files }}, format = 'newline_delimited', columns = { {{- typed | join(', ') -}} })
{%- else -%}
    read_parquet({{ table.files }}, union_by_name = true)
{%- endif -%}
{%- endif -%}
{%- endmacro %}


{# A path as DuckDB's SQL names it, even where it looks like a glob; `end` may be one. #}
{% macro literal_path(path, end='') -%}
{%- set escaped = path | replace('[', '[[]') | replace('?', '[?]') | replace('*', '[*]') | replace("'", "''") -%}
{{ return("'" ~ escaped ~ end ~ "'") }}
{%- endmacro %}


{# Hive would make a folder where no file is yet, and so stand in the way of the first publication. #}
{% macro spark__register_files(tables) -%}
{%- for table in tables -%}
    {%- set typed = [] -%}
    {%- for name, type in table.columns.items() -%}
        {%- do typed.append(adapter.quote(name) ~ ' ' ~ type) -%}
    {%- endfor -%}
    {%- do run_query('drop table if exists ' ~ table.relation) -%}
    {%- do run_query(
        'create table ' ~ table.relation ~ ' (' ~ typed | join(', ') ~ ') using '
        ~ ('json' if table.path.endswith('.jsonl') else 'parquet') ~ " options (skipHiveMetadata 'true') location '"
        ~ table.path | replace("'", "\\'") ~ "'"
    ) -%}
{%- endfor -%}
{%- endmacro %}
