{# A digest of columns and rows, in any order; what DuckDB hashes alike though it is not, is hashed as text. As a query.
   Example: {{ content_query(this) }} #}
{% macro content_query(relation) -%}
{%- set response, described = adapter.execute(
    'select md5(string_agg(concat(column_name, column_type))), string_agg(concat(quoted, case'
    ~ " when column_type = 'DOUBLE' then ', signbit(' || quoted || ')'"
    ~ " when not regexp_full_match(column_type, '(BIGINT|INTEGER|BOOLEAN|VARCHAR|DATE|TIMESTAMP|DECIMAL.*)') then '::varchar'"
    ~ " end), ', ') from (select *, '\"' || replace(column_name, '\"', '\"\"') || '\"' as quoted from (describe " ~ relation ~ '))',
    auto_begin=False, fetch=True
) -%}
(
    select md5(concat_ws(' ', '{{ described.rows[0][0] }}', count(*), sum(row_hash), sum(hash(row_hash))))
    from (select hash({{ described.rows[0][1] }}) as row_hash from {{ relation }})
)
{%- endmacro %}

{# The same, asked. Example: {%- set content = content_of(this) -%} #}
{% macro content_of(relation) -%}
{%- set response, found = adapter.execute('select ' ~ content_query(relation), auto_begin=False, fetch=True) -%}
{{ return(found.rows[0][0]) }}
{%- endmacro %}
