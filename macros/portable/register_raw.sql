{#
  Names what dbt reads: for each source table its files below `raw/`, or the one `file` that its YAML
  names below the data folder, so that `source()` reads the same on every engine.

  What: a view on DuckDB, a table over the same files on Spark, made anew when a dbt command begins.
  Why: the lander writes files and knows no engine. A column that no file has yet is there, and null.
  Example: on-run-start: ["{{ register_raw() }}"]
#}
{% macro register_raw() -%}
{%- if execute -%}
    {%- for source in graph.sources.values() -%}
        {%- set relation = api.Relation.create(
            database=source.database, schema=source.schema, identifier=source.identifier
        ) -%}
        {%- if loop.first -%}
            {%- do adapter.create_schema(relation) -%}
        {%- endif -%}
        {%- set path = data_folder() ~ '/' ~ source.config.meta.get('file', 'raw/' ~ source.identifier) -%}
        {%- do adapter.dispatch('register_files')(relation, raw_columns(source), path) -%}
    {%- endfor -%}
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


{% macro default__register_files(relation, columns, path) -%}
{%- set is_json = path.endswith('.jsonl') -%}
{%- set pattern = path | replace('[', '[[]') | replace('?', '[?]') | replace('*', '[*]') | replace("'", "''") -%}
{%- set pattern = pattern if is_json or path.endswith('.parquet') else pattern ~ '/*.parquet' -%}
{%- set empty, typed = [], [] -%}
{%- for name, type in columns.items() -%}
    {%- do empty.append('cast(null as ' ~ type ~ ') as ' ~ adapter.quote(name)) -%}
    {%- do typed.append(name ~ ": '" ~ type ~ "'") -%}
{%- endfor -%}
{%- set query = 'select ' ~ empty | join(', ') ~ ' where false' -%}
{%- if run_query("select count(*) from glob('" ~ pattern ~ "')").rows[0][0] > 0 -%}
    {%- set query = query ~ ' union all by name select * from ' ~ (
        "read_json('" ~ pattern ~ "', format = 'newline_delimited', columns = {" ~ typed | join(', ') ~ '})'
        if is_json else "read_parquet('" ~ pattern ~ "', union_by_name = true)"
    ) -%}
{%- endif -%}
{%- do run_query('create or replace view ' ~ relation ~ ' as ' ~ query) -%}
{%- endmacro %}


{# Hive would make a folder where no file is yet, and so stand in the way of the first publication. #}
{% macro spark__register_files(relation, columns, path) -%}
{%- set typed = [] -%}
{%- for name, type in columns.items() -%}
    {%- do typed.append(adapter.quote(name) ~ ' ' ~ type) -%}
{%- endfor -%}
{%- do run_query('drop table if exists ' ~ relation) -%}
{%- do run_query(
    'create table ' ~ relation ~ ' (' ~ typed | join(', ') ~ ') using '
    ~ ('json' if path.endswith('.jsonl') else 'parquet') ~ " options (skipHiveMetadata 'true') location '"
    ~ path | replace("'", "\\'") ~ "'"
) -%}
{%- endmacro %}
