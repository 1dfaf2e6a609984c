{#
  Keeps what would come out the same: a node is made again only when its definition or one of its inputs has changed.

  What: a record says of each table, view, seed and passed check by what it was made (`definition`, a digest of the
  compiled SQL and of what else decides), of what (`inputs`, a digest of its parents' states, as far as it reads them), and what came of it
  (`state`). The state of a table is a digest of its columns and rows, whatever their order: one that was made anew and
  is the same stops the change there. What is no table, or what nobody reads, has that of definition and inputs. Of what
  says by `month_of` which of its columns has the date, that of each month is known too, so that of a table that is
  made of such by their months only those are made again, and audited, that differ (kept_by_month.sql).
  Why it may be: equal inputs give equal rows (a rule of the project), and SQL names no relation but its parents (a test).
  How: while dbt runs, the record is in the memory that all nodes share, dbt's graph: a query a node would cost a small
  build more than it saves. It is read from `kept.nodes` and emptied there when a build begins, and written when it ends,
  so that after a kill nothing is known. The hash is DuckDB's own, and holds for one version of it: another version, other
  materializations, or a build that has kept no record make everything anew.
  Where `self_audit_share` is null, and on other engines, all is made at every refresh.
#}

{# Before a build: reads the record, as far as it can be trusted, and asks of every source what it has. On run start. #}
{% macro begin_keeping(last_build) -%}
{{ return(adapter.dispatch('begin_keeping')(last_build)) }}
{%- endmacro %}

{% macro default__begin_keeping(last_build) -%}
{%- endmacro %}

{% macro duckdb__begin_keeping(last_build) -%}
{%- if var('self_audit_share', none) is not none -%}
    {%- set machinery = local_md5(dbt_version ~ text_of_materializations()) -%}
    {%- call statement(auto_begin=False) -%}
        create schema if not exists kept;
        create table if not exists kept.nodes (node varchar, definition varchar, inputs varchar, state varchar);
        alter table kept.nodes add column if not exists months varchar;
        create table if not exists {{ last_build }} (invocation_id varchar);
    {%- endcall -%}
    {%- set trusted = run_query(
        'select node, definition, inputs, state, months from kept.nodes where ' ~ "node <> 'build' and " ~ (not flags.FULL_REFRESH) ~ ' and exists ('
        ~ 'select 1 from kept.nodes as build inner join ' ~ last_build ~ ' as last_build on build.state = last_build.invocation_id'
        ~ " where build.node = 'build' and build.definition = '" ~ machinery ~ "' and build.inputs = version())"
    ) -%}
    {%- set nodes = {} -%}
    {%- for row in trusted.rows -%}
        {%- do nodes.update({row[0]: dict(definition=row[1], inputs=row[2], state=row[3], **fromjson(row[4]))}) -%}
    {%- endfor -%}
    {%- for row in states_of_files() -%}
        {%- do nodes.update({row[0]: {'state': row[1]}}) -%}
    {%- endfor -%}
    {%- do run_query('delete from kept.nodes') -%}
    {%- set passed = 'select 0 as failures, false as should_warn, false as should_error' -%}
    {%- do graph.update({'kept': {
        'build': invocation_id,
        'machinery': machinery,
        'nodes': nodes,
        'read': what_is_read(),
        'passed': adapter.execute(passed, auto_begin=False, fetch=True),
    }}) -%}
{%- endif -%}
{%- endmacro %}


{# After a build, be it good or not: writes the record. On run end. #}
{% macro end_keeping() -%}
{%- if execute and keeps_nodes() -%}
    {%- set rows = ["('build', '" ~ graph.kept.machinery ~ "', version(), '" ~ invocation_id ~ "', null)"] -%}
    {%- for node, known in graph.kept.nodes.items() if known.definition -%}
        {%- set months = tojson({'by_month': known.by_month, 'made_of': known.made_of}) -%}
        {%- do rows.append("('" ~ [node, known.definition, known.inputs, known.state, months] | join("', '") ~ "')") -%}
    {%- endfor -%}
    {%- do run_query('insert into kept.nodes values ' ~ rows | join(', ')) -%}
{%- endif -%}
{%- endmacro %}


{# Whether this dbt command keeps a record; another one may have left its own in the graph. #}
{% macro keeps_nodes() -%}
{{ return(graph.kept is defined and graph.kept.build == invocation_id) }}
{%- endmacro %}


{#
  The frame of a materialization: hooks, and between them what the caller does to make the relation, unless it is kept.
  `text` is what decides of it. The caller gets `existing`, the relation of before, `anew`: whether it may leave
  nothing of that, and the `months` that it need make, none where all of them. Of the column that its `meta` names as
  `read_for_nulls`, readers ask only whether it is null.
#}
{% macro unless_kept(type, text) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set kept = kept_node(type, text, existing.type) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if kept.stands -%}
        {%- do store_result('main', response='KEPT') -%}
    {%- else -%}
        {%- set before = content_of(this, model.config.meta) if kept.is_audited and type == 'table' -%}
        {%- set months = none if kept.is_audited else kept.months -%}
        {%- do caller({'existing': existing, 'anew': kept.is_audited or should_full_refresh(), 'months': months}) -%}
        {%- set after = content_of(this, model.config.meta, made=months, before=kept.before) if type == 'table' and (before or kept.is_read) -%}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {%- if before and what_stays(before, kept.months) != what_stays(after, kept.months) -%}
        {%- do distrust_what_is_kept() -%}
    {%- elif not kept.stands -%}
        {%- do keep_node(kept, after) -%}
    {%- endif -%}
{%- endmacro %}


{#
  What is known of a node before it is made: whether it `stands`, so that it need not be, or has only some `months` that
  differ; and whether it `is_audited`, which is to make it whole all the same and compare what need not be made. Nothing is
  known of it any more until it is made.
#}
{% macro kept_node(type, text, existing_type) -%}
{%- set kept = {'stands': false, 'is_audited': false, 'inputs': none, 'months': none} -%}
{%- if keeps_nodes() -%}
    {%- set states = [] -%}
    {%- for id in kept_parents(model) | sort -%}
        {%- do states.append(state_of_what_is_read(id)) -%}
    {%- endfor -%}
    {%- set id, meta = model.unique_id, model.config.meta -%}
    {%- set definition = local_md5([type, this, text, model.config.materialized, meta.month_of, meta.looks_back, meta.history, meta.ends, meta.until] | join(' ')) -%}
    {%- set inputs = local_md5(states | join(' ')) if none not in states else none -%}
    {%- set before = graph.kept.nodes.get(id, {}) -%}
    {%- set is_same = existing_type == type and inputs and before.definition == definition and before.inputs == inputs -%}
    {%- set is_drawn = local_md5(invocation_id ~ id)[:6] | int(base=16) < var('self_audit_share') * 16 ** 6 -%}
    {%- do kept.update({
        'definition': definition,
        'inputs': inputs,
        'stands': is_same and not is_drawn,
        'is_read': id in graph.kept.read,
        'made_of': made_of_by_month() if meta.month_of and model.config.materialized in ('kept_by_month', 'view')
            else months_audited(),
    }) -%}
    {%- if model.config.materialized in ('kept_by_month', 'test') and existing_type == type and inputs and not is_same
        and before.definition == definition and before.made_of and kept.made_of -%}
        {%- do kept.update({'months': months_that_differ(before.made_of, kept.made_of), 'before': before.by_month}) -%}
    {%- endif -%}
    {%- do kept.update({'is_audited': is_drawn and (is_same or kept.months is not none)}) -%}
    {%- if not kept.stands -%}
        {%- do graph.kept.nodes.pop(id, none) -%}
    {%- endif -%}
{%- endif -%}
{{ return(kept) }}
{%- endmacro %}


{#
  The state of a parent, as far as the model reads it. One that names a parent as its `until` asks of the others with a month nothing
  that is later than the month of that one, such as the last one that is over: what comes after it is no other input.
#}
{% macro state_of_what_is_read(id) -%}
{%- set known = graph.kept.nodes.get(id, {}) -%}
{%- set until = graph.kept.nodes.get('model.' ~ project_name ~ '.' ~ model.config.meta.until, {}).get('by_month') or {} -%}
{%- set last = until.get('months', {}).keys() | max -%}
{%- if not last or not known.by_month -%}{{ return(known.get('state')) }}{%- endif -%}
{%- set read = [known.by_month.rest] -%}
{%- for month, state in known.by_month.months | dictsort if month <= last -%}
    {%- do read.append(month ~ state) -%}
{%- endfor -%}
{{ return(local_md5(read | join(' '))) }}
{%- endmacro %}


{# Writes down by what and of what a node was made, and what came of it; nothing where one of its inputs is unknown. #}
{% macro keep_node(kept, content=none) -%}
{%- if kept.inputs -%}
    {%- set known = {
        'definition': kept.definition,
        'inputs': kept.inputs,
        'state': local_md5(kept.definition ~ kept.inputs),
        'made_of': kept.made_of,
        'by_month': {'rest': local_md5(kept.definition ~ kept.made_of.rest), 'months': kept.made_of.months}
            if kept.made_of and not model.config.meta.history else none,
    } -%}
    {%- do known.update(content or {}) -%}
    {%- do graph.kept.nodes.update({model.unique_id: known}) -%}
{%- endif -%}
{%- endmacro %}


{#
  Of what a node is made: a digest for each of the `months` of its parents that have such, and one for the `rest`, which
  is what of them has no month, and all other parents.
#}
{% macro made_of_by_month() -%}
{%- set rest, months = [], {} -%}
{%- for id in kept_parents(model) | sort -%}
    {%- set known = graph.kept.nodes.get(id, {}) -%}
    {%- set by_month = known.by_month or {'rest': known.state, 'months': {}} -%}
    {%- do rest.append(by_month.rest) -%}
    {%- for month, state in by_month.months.items() -%}
        {%- do months.update({month: local_md5(months.get(month, '') ~ id ~ state)}) -%}
    {%- endfor -%}
{%- endfor -%}
{{ return({'rest': local_md5(rest | join(' ')), 'months': months}) }}
{%- endmacro %}

{#
  Of what an audit asks: the `months` of its table, of which only some may differ, and their `rest`; none where it has no such.
#}
{% macro months_audited() -%}
{%- set is_audit = (model.get('test_metadata') or {}).get('name') == 'audit' -%}
{{ return(graph.kept.nodes.get(model.attached_node, {}).by_month if is_audit else none) }}
{%- endmacro %}

{#
  The months that are other ones now, or none where it may be all. What has a `history` is made of the months before it, too, so
  that of such it is all from the first one on; facts of no month may be of any.
#}
{% macro months_that_differ(before, now) -%}
{%- set all = (before.months.keys() | list + now.months.keys() | list) | unique | sort -%}
{%- set months = [] -%}
{%- for month in all if before.months.get(month) != now.months.get(month) -%}
    {%- do months.append(month) -%}
{%- endfor -%}
{%- if model.config.meta.history and months -%}
    {%- set months = all if 'none' in months else all[all.index(months[0]):] -%}
{%- endif -%}
{{ return(months if before.rest == now.rest else none) }}
{%- endmacro %}


{# The part of a content that need not be made: all of it, or that of all months but some. #}
{% macro what_stays(content, months) -%}
{%- if months is none -%}{{ return(content) }}{%- endif -%}
{%- set stays = {} -%}
{%- for month, digest in content.by_month.months.items() if month not in months -%}
    {%- do stays.update({month: digest}) -%}
{%- endfor -%}
{{ return(stays) }}
{%- endmacro %}


{# A table that was kept is another now that it was made all the same: an unknown fault, which all that is kept may have. #}
{% macro distrust_what_is_kept() -%}
{%- do graph.kept.nodes.clear() -%}
{%- do store_result('main', response='REPAIRED') -%}
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


{# What some model reads, as keys: of all else, such as most marts, nobody asks whether it came out the same. #}
{% macro what_is_read() -%}
{%- set read = {} -%}
{%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
    {%- for id in node.depends_on.nodes -%}
        {%- do read.update({id: true}) -%}
    {%- endfor -%}
{%- endfor -%}
{{ return(read) }}
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


{#
  The state of each source and the bytes of each seed, in one query. A feed has that of the versions of its files, which
  never change, and any other source that of its rows; how it is read counts too.
#}
{% macro states_of_files() -%}
{%- set states = [] -%}
{%- for id, source in graph.sources.items() -%}
    {%- set relation = api.Relation.create(database=source.database, schema=source.schema, identifier=source.identifier) -%}
    {%- set is_feed = not source.columns.values() | selectattr('data_type') | list -%}
    {%- set state -%}
        select
            '{{ id }}' as node,
            md5(
                (select max(sql) from duckdb_views() where schema_name = 'raw' and view_name = '{{ source.identifier }}')
                || coalesce(({{ versions_query(relation) if is_feed else content_query(relation) }}), 'none')
            ) as state
    {%- endset -%}
    {%- do states.append(state) -%}
{%- endfor -%}
{%- for id, node in graph.nodes.items() if node.resource_type == 'seed' -%}
    {%- do states.append("select '" ~ id ~ ".csv', md5(content) from read_blob(" ~ literal_path(adapter.get_seed_file_path(node)) ~ ')') -%}
{%- endfor -%}
{{ return(run_query(states | join(' union all ')).rows if states else []) }}
{%- endmacro %}

{# A digest of the versions of files that a feed has, as a query. #}
{% macro versions_query(feed) -%}
select md5({{ join_array("_batch || ' ' || _landed_at", ' ') }})
from (select distinct _batch, _landed_at from {{ feed }})
{%- endmacro %}
