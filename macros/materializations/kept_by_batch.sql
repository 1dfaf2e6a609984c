{#
  Keeps the rows of a staging model as a table: text is parsed when a version of a file is new, and not at every refresh.

  What: the model reads one feed, whose rows say in `_batch` and `_landed_at` which version of a file they are of, and
  since when. A run adds the rows of batches that the table does not hold, and drops those of batches that are gone from
  the feed, as an erasure leaves them. So the table always has the rows of the SQL, those of versions that were replaced
  too: the reconciliation counts them. It is made anew by --full-refresh, and when the SQL (with it macros, variables and
  the feed's YAML), what `raw` reads, or DuckDB's version is another than it was made by: a digest of them is the comment
  of the table.
  Why it may be: what a row of staging says depends on its own batch alone (a house rule), and a batch never changes.
  How: the condition on `_batch` reaches the reader of Parquet, through windows that are partitioned by it, so that of
  other files only the footers are read. One transaction: a kill leaves the table of before, or the one after.
  On Spark, which has no such transaction over plain files, staging is views (dbt_project.yml).
#}
{% materialization kept_by_batch, adapter='duckdb' %}
    {%- set feed = feed_of_batches() -%}
    {%- call(former) unless_kept('table', sql) -%}
        {%- set facts = kept_facts(feed, this) -%}
        {%- set digest = local_md5(sql ~ facts.read_from ~ facts.engine) -%}
        {%- if keeps_rows(former, facts.digest == digest) -%}
            {%- do add_and_drop_batches(feed, sql) -%}
        {%- else -%}
            {%- do create_with_digest(former.existing, sql, digest) -%}
        {%- endif -%}
    {%- endcall -%}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}


{# Whether rows of the table of before may stay, which was made as it would be now, or not; in one transaction. #}
{% macro keeps_rows(former, is_made_so) -%}
{%- do adapter.ensure_transaction() -%}
{{ return(former.existing.type == 'table' and is_made_so and not former.anew) }}
{%- endmacro %}

{# Makes all of the table, and writes beside it by what. #}
{% macro create_with_digest(existing, sql, digest) -%}
{%- do create_or_replace('table', existing, sql) -%}
{%- do adapter.execute('comment on table ' ~ this ~ " is '" ~ digest ~ "'", auto_begin=False) -%}
{%- endmacro %}


{# The one relation that the model reads; of two, a row could depend on more than its own batch. #}
{% macro feed_of_batches() -%}
{%- set parents = model.depends_on.nodes -%}
{%- if parents | length != 1 or parents[0] not in graph.sources -%}
    {%- do exceptions.raise_compiler_error(
        model.name ~ ' is kept by batch, and reads something else than one feed: join in the entity, or say '
        ~ "config(materialized='view')."
    ) -%}
{%- endif -%}
{%- set source = graph.sources[parents[0]] -%}
{{ return(api.Relation.create(database=source.database, schema=source.schema, identifier=source.identifier)) }}
{%- endmacro %}


{# By what the table was made (`digest`), and what it would be made by now: of the feed, and of the engine. #}
{% macro kept_facts(feed, kept) -%}
{%- set response, found = adapter.execute(
    "select version(), (select max(sql) from duckdb_views() where database_name = '" ~ feed.database
    ~ "' and schema_name = '" ~ feed.schema ~ "' and view_name = '" ~ feed.identifier
    ~ "'), (select max(comment) from duckdb_tables() where database_name = '" ~ kept.database
    ~ "' and schema_name = '" ~ kept.schema ~ "' and table_name = '" ~ kept.identifier ~ "')",
    auto_begin=False, fetch=True
) -%}
{{ return({'engine': found.rows[0][0], 'read_from': found.rows[0][1], 'digest': found.rows[0][2]}) }}
{%- endmacro %}


{#
  Brings the table to the batches of the feed. Instants tell, too: what was landed anew, with the same bytes, has the
  batch of before and another instant.
#}
{% macro add_and_drop_batches(feed, sql) -%}
{%- set kept, landed = 'select distinct _batch, _landed_at from ' ~ this, 'select distinct _batch, _landed_at from ' ~ feed -%}
{%- set response, found = adapter.execute(
    'select true as is_new, _batch from (' ~ landed ~ ' except ' ~ kept ~ ') as added'
    ~ ' union all select false, _batch from (' ~ kept ~ ' except ' ~ landed ~ ') as dropped',
    auto_begin=False, fetch=True
) -%}
{%- set gone = batches_listed(found.rows | rejectattr(0)) -%}
{%- set added = batches_listed(found.rows | selectattr(0)) -%}
{%- if gone -%}
    {%- do adapter.execute('delete from ' ~ this ~ ' where _batch in (' ~ gone ~ ')', auto_begin=False) -%}
{%- endif -%}
{%- do run_as_main(
    'insert into ' ~ this ~ ' select * from (\n' ~ sql ~ '\n) as staged where '
    ~ ('_batch in (' ~ added ~ ')' if added else 'false')
) -%}
{%- endmacro %}


{# Of rows with batches in their second column, these as literals. #}
{% macro batches_listed(rows) -%}
{%- set listed = [] -%}
{%- for row in rows -%}
    {%- do listed.append("'" ~ row[1] | replace("'", "''") ~ "'") -%}
{%- endfor -%}
{{ return(listed | join(', ')) }}
{%- endmacro %}
