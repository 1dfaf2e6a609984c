{#
  Makes again only the months of a table of which some order, line or other fact has changed.

  What: a model says by `month_of` in its meta which of its columns has the date, and its rows of a month depend on those
  rows alone of its parents with a `month_of` that are of the same month, and on all of its other parents. Where those
  are as they were, and so is the SQL, only the months are made of which a parent differs: each such parent is read
  within them, their rows are deleted, and the new ones added. Otherwise the table is made whole, as by
  --full-refresh and by the audit of what is kept (kept.sql).
  Of the parents that its meta names as its `history` a month's rows depend on that month and all before it: they are read
  whole, and all months are made from the earliest on of which a parent differs. A row of such a parent may end in a
  later month, on the days in the columns that its meta names as `ends`: nobody asks for an end before it has come, so that
  it counts in its own month only.
  Dates that `looks_back` are days of analysis, which know what was before them: their month is that of the day before.
  Why it may be: a test makes every such table by its months, one by one, and finds the rows of the whole
  (tests/python/e2e/test_kept_by_month.py).
  One transaction: a kill leaves the table of before, or the one after. Spark, which has none, makes a table.
#}
{% materialization kept_by_month, adapter='duckdb' %}
    {{ return(made_in_one_statement('table', sql)) }}
{% endmaterialization %}


{# Puts the rows of some months in the place of those that the table has of them. #}
{% macro write_months(sql, months) -%}
{%- do adapter.ensure_transaction() -%}
{%- set those = within_months(model.config.meta, months) -%}
{%- do adapter.execute('delete from ' ~ this ~ ' where ' ~ those, auto_begin=False) -%}
{%- do run_as_main('insert into ' ~ this ~ ' (\n' ~ of_months(sql, months) ~ '\n)') -%}
{%- do store_result('main', response='MONTHS MADE: ' ~ months | length) -%}
{%- endmacro %}


{# The SQL of a model, which reads each of its parents with a month within some months, but for those of its history. #}
{% macro of_months(sql, months) -%}
{%- set read = namespace(sql=sql) -%}
{%- set history = model.config.meta.get('history', []) -%}
{%- for id in kept_parents(model) if id in graph.nodes and graph.nodes[id].config.meta.month_of and graph.nodes[id].name not in history -%}
    {%- set parent = graph.nodes[id] -%}
    {%- set relation = api.Relation.create(database=parent.database, schema=parent.schema, identifier=parent.alias) | string -%}
    {%- set rows = '(select * from ' ~ relation ~ ' where ' ~ within_months(parent.config.meta, months) ~ ')' -%}
    {%- set read.sql = read.sql | replace(relation, rows) -%}
{%- endfor -%}
{{ return(read.sql) }}
{%- endmacro %}


{# Whether a row is of one of some months by the date that its meta names, or by another of its dates; 'none' is that of no date. #}
{% macro within_months(meta, months, column=none) -%}
{%- set column, ranges = column or meta.month_of, [] -%}
{%- set later = ' + 1' if meta.looks_back else '' -%}
{%- for month in months -%}
    {%- do ranges.append(
        column ~ ' is null' if month == 'none'
        else column ~ " between date '" ~ month ~ "'" ~ later ~ " and last_day(date '" ~ month ~ "')" ~ later
    ) -%}
{%- endfor -%}
{{ return('(' ~ (ranges or ['false']) | join(' or ') ~ ')') }}
{%- endmacro %}


{#
  The query of an audit of a table of which only some months differ since it passed. What it says of single rows need be asked
  of theirs alone; a key that repeats is one of theirs, wherever its other rows are. References are asked whole. A row that `ends` is
  of each of its months, and of any where an end is not known any more.
#}
{% macro within_what_differs(query, months) -%}
{%- set table = graph.nodes[model.attached_node] -%}
{%- set relation = api.Relation.create(database=table.database, schema=table.schema, identifier=table.alias) | string -%}
{%- set those = [within_months(table.config.meta, months)] -%}
{%- for end in table.config.meta.get('ends', []) -%}
    {%- do those.append(end ~ ' is null or ' ~ within_months(table.config.meta, months, end)) -%}
{%- endfor -%}
{%- set key = hash_64(model.test_metadata.kwargs.key) -%}
{%- set asked = '(select * from ' ~ relation ~ ' where ' ~ those | join(' or ') ~ ')' -%}
{%- set keyed = '(select * from ' ~ relation ~ ' where ' ~ key ~ ' in (select ' ~ key ~ ' from ' ~ asked ~ '))' -%}
{{ return(
    query
    | replace(relation ~ ' as rows_asked', asked ~ ' as rows_asked')
    | replace(relation ~ ' as keys_asked', keyed ~ ' as keys_asked')
) }}
{%- endmacro %}
