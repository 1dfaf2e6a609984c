{#
  Loads a seed's rows into its table.

  Why: dbt-spark writes 'None' for a missing value, and breaks at a quote.
  Example: dbt calls it for every seed.
#}
{% macro spark__load_csv_rows(model, agate_table) -%}
{%- set rows = [] -%}
{%- for row in agate_table.rows -%}
    {%- set values = [] -%}
    {%- for column in agate_table.column_names -%}
        {%- set text = row[column] -%}
        {%- do values.append(
            'null' if text is none else
            "cast('" ~ text | string | replace('\\', '\\\\') | replace("'", "\\'") ~ "' as " ~ model.config.column_types[column] ~ ')'
        ) -%}
    {%- endfor -%}
    {%- do rows.append('(' ~ values | join(', ') ~ ')') -%}
{%- endfor -%}
{%- for chunk in rows | batch(get_batch_size()) -%}
    {%- do adapter.add_query('insert into ' ~ this ~ ' values ' ~ chunk | join(', '), abridge_sql_log=True) -%}
{%- endfor -%}
{{ return('') }}
{%- endmacro %}
