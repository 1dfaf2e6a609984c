{#
  Names what has landed: for each source table its files below `raw/`, so that `source()` reads the
  same on every engine.

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
        {%- set is_ledger = source.config.meta.get('landed_as') == 'jsonl' -%}
        {%- set files = raw_folder() ~ '/' ~ source.identifier ~ ('.jsonl' if is_ledger else '') -%}
        {%- do adapter.dispatch('register_files')(relation, raw_columns(source), files, is_ledger) -%}
    {%- endfor -%}
{%- endif -%}
{%- endmacro %}


{# Where the lander writes, as an absolute path: Spark takes a relative one from its own warehouse. #}
{% macro raw_folder() -%}
{%- set data = env_var('REGULARS_DATA', 'data') -%}
{{ return((data if data.startswith('/') else invocation_args_dict.project_dir ~ '/' ~ data) ~ '/raw') }}
{%- endmacro %}


{# The columns of a source table with their types; those of a feed are text, beside the lander's own. #}
{% macro raw_columns(source) -%}
{%- set columns = {} -%}
{%- for name, column in source.columns.items() -%}
    {%- do columns.update({name: column.data_type or 'string'}) -%}
{%- endfor -%}
{%- if source.source_name != 'landing' -%}
    {%- do columns.update({'_file': 'string', '_line': 'bigint', '_batch': 'string', '_landed_at': 'timestamp'}) -%}
{%- endif -%}
{{ return(columns) }}
{%- endmacro %}


{% macro default__register_files(relation, columns, files, is_ledger) -%}
{%- set pattern = files | replace('[', '[[]') | replace('?', '[?]') | replace('*', '[*]') | replace("'", "''") -%}
{%- set pattern = pattern if is_ledger else pattern ~ '/*.parquet' -%}
{%- set empty, typed = [], [] -%}
{%- for name, type in columns.items() -%}
    {%- do empty.append('cast(null as ' ~ type ~ ') as ' ~ adapter.quote(name)) -%}
    {%- do typed.append(name ~ ": '" ~ type ~ "'") -%}
{%- endfor -%}
{%- set query = 'select ' ~ empty | join(', ') ~ ' where false' -%}
{%- if run_query("select count(*) from glob('" ~ pattern ~ "')").rows[0][0] > 0 -%}
    {%- set query = query ~ ' union all by name select * from ' ~ (
        "read_json('" ~ pattern ~ "', format = 'newline_delimited', columns = {" ~ typed | join(', ') ~ '})'
        if is_ledger else "read_parquet('" ~ pattern ~ "', union_by_name = true)"
    ) -%}
{%- endif -%}
{%- do run_query('create or replace view ' ~ relation ~ ' as ' ~ query) -%}
{%- endmacro %}


{% macro spark__register_files(relation, columns, files, is_ledger) -%}
{%- set typed = [] -%}
{%- for name, type in columns.items() -%}
    {%- do typed.append(adapter.quote(name) ~ ' ' ~ type) -%}
{%- endfor -%}
{%- do run_query('drop table if exists ' ~ relation) -%}
{%- do run_query(
    'create table ' ~ relation ~ ' (' ~ typed | join(', ') ~ ') using ' ~ ('json' if is_ledger else 'parquet')
    ~ " location '" ~ files | replace("'", "\\'") ~ "'"
) -%}
{%- endmacro %}
