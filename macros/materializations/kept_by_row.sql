{#
  Keeps the rows of int_<entity>_validated as a table: what became of each row is asked anew at every refresh, and only
  rows of which something else is true now are written, and those of new versions of files.

  What: the table always has the rows of the SQL. Its own rows take the place of int_<entity>_delivered, whose columns it
  has: a version of a file never changes, and whether one is new or gone say its name and the instant at which it landed.
  All else (lookups, what is typical, keys that come more than once) is computed over all rows, as ever; but of ten
  million lines the writing of their texts is the larger part. It is made anew by --full-refresh, and when it was made by
  other SQL, or of staging that was made by other SQL, or by another version of DuckDB: a digest of them is its comment.
  What differs: a hash of 64 bits of the columns that are not delivered tells (macro hash_64).
  One transaction: a kill leaves the table of before, or the one after. Spark, which has none, makes a table.
#}
{% materialization kept_by_row, adapter='duckdb' %}
    {%- set delivered = api.Relation.create(
        database=this.database, schema=this.schema, identifier=this.identifier | replace('_validated', '_delivered')
    ) -%}
    {%- call(former) unless_kept('table', sql) -%}
        {%- set facts = kept_facts(delivered, this) -%}
        {%- set staged = staged_by(delivered) -%}
        {%- set digest = local_md5(sql ~ facts.read_from ~ staged ~ facts.engine) -%}
        {%- if keeps_rows(former, staged and facts.digest == digest) -%}
            {%- do keep_versions(delivered) -%}
            {%- do write_what_differs(delivered, sql) -%}
        {%- else -%}
            {%- do create_with_digest(former.existing, sql, digest) -%}
        {%- endif -%}
    {%- endcall -%}
    {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}


{#
  By what the staging models that an entity unites were made: the digests of those that are kept by batch, the SQL of
  views. Null where there is none, or one tells nothing, as a table that somebody has made of it: then no row is kept.
#}
{% macro staged_by(delivered) -%}
{%- set staged = [] -%}
{%- for id in graph.nodes['model.' ~ project_name ~ '.' ~ delivered.identifier].depends_on.nodes -%}
    {%- if graph.nodes[id].name.startswith('stg_') -%}{%- do staged.append(graph.nodes[id].alias) -%}{%- endif -%}
{%- endfor -%}
{%- set response, found = adapter.execute(
    "select case when count(*) = count(made_by) then string_agg(name || ':' || made_by, ' ' order by name) end from ("
    ~ 'select database_name, table_name as name, comment as made_by from duckdb_tables()'
    ~ ' union all select database_name, view_name, sql from duckdb_views()'
    ~ ") as relations where database_name = '" ~ this.database ~ "' and name in ('" ~ staged | join("', '") ~ "')",
    auto_begin=False, fetch=True
) -%}
{{ return(found.rows[0][0]) }}
{%- endmacro %}


{#
  Sheds versions of files that are gone, says of the others which place they have now among the deliveries, and leaves
  in the temporary table `added` those that are new.
#}
{% macro keep_versions(delivered) -%}
{%- set of_one_version -%}
    versions._staging_model = kept._staging_model and versions._batch = kept._batch and versions._landed_at = kept._landed_at
{%- endset -%}
{%- set versions -%}
    select _staging_model, _batch, _landed_at, max(delivery_number) as delivery_number
    from {{ delivered }}
    group by _staging_model, _batch, _landed_at
{%- endset -%}
{%- for statement in [
    'create or replace temp table versions as ' ~ versions,
    'create or replace temp table added as select * from versions anti join ' ~ this ~ ' as kept on ' ~ of_one_version,
    'delete from ' ~ this ~ ' as kept where not exists (select * from versions where ' ~ of_one_version ~ ')',
    'update ' ~ this ~ ' as kept set delivery_number = versions.delivery_number from versions where ' ~ of_one_version
        ~ ' and versions.delivery_number is distinct from kept.delivery_number',
] -%}
    {%- do adapter.execute(statement, auto_begin=False) -%}
{%- endfor -%}
{%- endmacro %}


{# Asks the SQL of the rows that are kept and of those of new versions together; writes those of which it says another thing. #}
{% macro write_what_differs(delivered, sql) -%}
{%- set columns = adapter.get_columns_in_relation(this) | map(attribute='name') | list -%}
{%- set facts = adapter.get_columns_in_relation(delivered) | map(attribute='name') | list -%}
{%- set verdict = hash_64(columns | reject('in', facts) | list) -%}
{%- set response, added = adapter.execute('select true, _batch from added', auto_begin=False, fetch=True) -%}
{%- set read -%}
(
    select {{ facts | join(', ') }}, rowid as _kept, {{ verdict }} as _kept_verdict from {{ this }}
    union all
    select {{ facts | join(', ') }}, null, null from {{ delivered }} as delivered
    semi join added using (_staging_model, _batch, _landed_at)
    where _batch in ({{ batches_listed(added.rows) or 'null' }})
)
{%- endset -%}
{%- set written -%}
    create or replace temp table written as
    select * from (
        {{ sql | replace(delivered | string, read) }}
    ) as settled
    where _kept is null or _kept_verdict is distinct from {{ verdict }}
{%- endset -%}
{%- do adapter.execute(written, auto_begin=False) -%}
{%- do adapter.execute('delete from ' ~ this ~ ' where rowid in (select _kept from written)', auto_begin=False) -%}
{%- do run_as_main(
    'insert into ' ~ this ~ ' (' ~ columns | join(', ') ~ ') select ' ~ columns | join(', ') ~ ' from written'
) -%}
{%- do adapter.execute('drop table written', auto_begin=False) -%}
{%- endmacro %}
