{#
  Keeps what would come out the same: a node is made again only when its definition or one of its inputs has changed.

  What: `kept.nodes` in the warehouse says of each table, view, seed and passed check by what it was made (`definition`, a
  digest of the compiled SQL and of what else decides), of what (`inputs`, a digest of its parents' states), and what came
  of it (`state`). The state of a table is a digest of its columns and rows, whatever their order: one that was made anew
  and is the same stops the change there. A view, and staging that is kept by batch, have that of definition and inputs.
  Why it may be: equal inputs give equal rows (a rule of the project), and SQL names no relation but its parents (a test).
  How: a row goes before its node is made, and comes when it has been. The hash is DuckDB's own; it holds for one version of it, so
  that another version, other materializations, or a build that has kept no record make everything anew.
  Where `self_audit_share` is null, and on other engines, all is made at every refresh.
#}

{# Before a build: forgets what no longer holds, and the states of files, which are asked anew. On run start. #}
{% macro begin_keeping(last_build) -%}
{{ return(adapter.dispatch('begin_keeping')(last_build)) }}
{%- endmacro %}

{% macro default__begin_keeping(last_build) -%}
{%- endmacro %}

{% macro duckdb__begin_keeping(last_build) -%}
{%- if keeps_nodes() -%}
{%- set machinery = run_query("select md5(version() || '" ~ text_of_materializations() ~ "')").rows[0][0] -%}
{%- call statement(auto_begin=False) -%}
    create schema if not exists kept;
    create table if not exists kept.nodes (node varchar, definition varchar, inputs varchar, state varchar);
    create table if not exists {{ last_build }} (invocation_id varchar);
    delete from kept.nodes where not exists (
        select 1
        from kept.nodes as build
        inner join {{ last_build }} as last_build on build.state = last_build.invocation_id
        where build.node = 'build' and build.definition = '{{ machinery }}'
    );
    delete from kept.nodes where node = 'build' or node like 'source.%' or node like 'raw.%';
    insert into kept.nodes
    select 'build', '{{ machinery }}', null, '{{ invocation_id }}'
    union all
    select 'raw.' || view_name, md5(sql), null, null from duckdb_views() where schema_name = 'raw';
{%- endcall -%}
{%- endif -%}
{%- endmacro %}


{#
  What is known of a node before it is made: `stands` where it need not be, `is_audited` where it is made all the same, to
  be compared. Its definition is the digest of `text`.
#}
{% macro kept_node(text, type, existing_type) -%}
{%- set kept = {'stands': false, 'is_audited': false, 'inputs': none} -%}
{%- if keeps_nodes() -%}
    {%- set parents, node = kept_parents(model), model.unique_id -%}
    {%- do know_sources(parents) -%}
    {%- set response, found = adapter.execute(
        "select max(definition || inputs) filter (where node = '" ~ node ~ "'), count(distinct node) filter (where node <> '"
        ~ node ~ "'), md5(string_agg(distinct node || ' ' || state, chr(10) order by node || ' ' || state)"
        ~ " filter (where node <> '" ~ node ~ "')) from kept.nodes where node in ('" ~ (parents + [node]) | join("', '") ~ "')",
        auto_begin=False, fetch=True
    ) -%}
    {%- set made_by, known, inputs = found.rows[0][0], found.rows[0][1], found.rows[0][2] or 'none' -%}
    {%- set definition = local_md5(type ~ this ~ text) -%}
    {%- set is_same = existing_type == type and made_by == definition ~ inputs and known == parents | length -%}
    {%- set is_drawn = local_md5(invocation_id ~ node)[:6] | int(base=16) < var('self_audit_share') * 16 ** 6 -%}
    {%- do kept.update({
        'definition': definition,
        'inputs': inputs if known == parents | length else none,
        'stands': is_same and not is_drawn and not flags.FULL_REFRESH,
        'is_audited': is_same and is_drawn and not flags.FULL_REFRESH,
    }) -%}
    {%- if kept.stands -%}
        {%- do store_result('main', response='KEPT') -%}
    {%- elif kept.is_audited and type == 'table' -%}
        {%- do kept.update({'content': content_of(this)}) -%}
    {%- endif -%}
{%- endif -%}
{{ return(kept) }}
{%- endmacro %}


{# Whether this command keeps a record of nodes. #}
{% macro keeps_nodes() -%}
{{ return(var('self_audit_share', none) is not none and writes_the_warehouse()) }}
{%- endmacro %}


{# A digest of the macros that make relations. #}
{% macro text_of_materializations() -%}
{%- set texts = [] -%}
{%- for name, value in context.items() if value.macro is defined -%}
    {%- if '/materializations/' in value.macro.original_file_path -%}
        {%- do texts.append(value.macro.macro_sql) -%}
    {%- endif -%}
{%- endfor -%}
{{ return(local_md5(texts | sort | join)) }}
{%- endmacro %}


{# The nodes that a node reads; what is ephemeral stands in its SQL, and its parents for it. #}
{% macro kept_parents(node) -%}
{%- set parents = [] -%}
{%- for id in node.depends_on.nodes -%}
    {%- set parent = graph.nodes.get(id) -%}
    {%- if parent and parent.config.materialized == 'ephemeral' -%}
        {%- do parents.extend(kept_parents(parent)) -%}
    {%- else -%}
        {%- do parents.append(id) -%}
    {%- endif -%}
{%- endfor -%}
{{ return(parents | unique | list) }}
{%- endmacro %}


{# Writes down the state of those source tables among the parents of which this build has not asked yet. #}
{% macro know_sources(parents) -%}
{%- for id in parents if id in graph.sources -%}
    {%- set source = graph.sources[id] -%}
    {%- set response, found = adapter.execute(
        "select count(*) from kept.nodes where node = '" ~ id ~ "'", auto_begin=False, fetch=True
    ) -%}
    {%- if not found.rows[0][0] -%}
        {%- set relation = api.Relation.create(database=source.database, schema=source.schema, identifier=source.identifier) -%}
        {%- set has_versions = not source.columns.values() | selectattr('data_type') | list -%}
        {%- set state = batches_of(relation) if has_versions else content_of(relation) -%}
        {%- do adapter.execute(
            "insert into kept.nodes select '" ~ id ~ "', null, null, md5(definition || '" ~ state ~ "') from kept.nodes"
            ~ " where node = 'raw." ~ source.identifier ~ "'", auto_begin=False
        ) -%}
    {%- endif -%}
{%- endfor -%}
{%- endmacro %}


{# The statement that writes down by what and of what the node was made, and its state, in SQL; none where that is unknown. #}
{% macro kept_row(kept, state=none) -%}
{%- if kept.inputs -%}
insert into kept.nodes select '{{ model.unique_id }}', '{{ kept.definition }}', '{{ kept.inputs }}',
    {{ state or "'" ~ local_md5(kept.definition ~ kept.inputs) ~ "'" }};
{%- endif -%}
{%- endmacro %}

{# The statement that comes before a node is made, so that nothing is said of one of which the making was broken off. #}
{% macro forget_kept_row() -%}
{%- if keeps_nodes() -%}
delete from kept.nodes where node = '{{ model.unique_id }}';
{%- endif -%}
{%- endmacro %}


{#
  After a table was made: writes down what it holds, or of what it was made. What was kept, and is another now that it was made all the same, has
  an unknown fault, and so may all that is kept: it is forgotten.
#}
{% macro keep_table(kept, by_content=true) -%}
{%- if kept.is_audited and kept.content != content_of(this) -%}
    {%- do adapter.execute('delete from kept.nodes', auto_begin=False) -%}
    {%- do store_result('main', response='REPAIRED') -%}
{%- elif kept.inputs -%}
    {%- do adapter.execute(kept_row(kept, content_query(this) if by_content else none), auto_begin=False) -%}
{%- endif -%}
{%- endmacro %}


{# A digest of the versions of files that a feed has; a version never changes. #}
{% macro batches_of(feed) -%}
{%- set response, found = adapter.execute(
    'select md5(string_agg(batch, chr(10) order by batch)) from ('
    ~ "select distinct _batch || ' ' || _landed_at as batch from " ~ feed ~ ')', auto_begin=False, fetch=True
) -%}
{{ return(found.rows[0][0] or 'none') }}
{%- endmacro %}
