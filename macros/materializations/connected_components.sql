{#
  Materializes the connected components of a graph by randomised contraction (Bögeholz, Brand, Todor:
  In-database connected component analysis, ICDE 2020).

  What: the model's SQL gives edges (left_node, right_node). The table has one row per node that has an
  edge: `node`, and `component`, the smallest node that is connected to it.
  How: in every round each node picks, among all nodes that are at most two edges away, itself included, the
  one with the smallest hash; edges are redrawn between the picked nodes, and repetitions are dropped. In a round a
  chain falls to about a third and a hub to one node, so the rounds grow with the logarithm of the nodes: a
  neighbour-minimum loop needs as many rounds as the longest chain has links.
  Why tables: engines inline CTEs, and would compute the first round again in each later one.
  Why numbers: they are joined and compared in a fraction of the time of names.
  The hash is (a·x + b) mod p with another a and b per round; it is one-to-one for x < p = 2³¹ − 1, the most
  nodes there may be. Labels don't depend on it.
#}
{% materialization connected_components, default %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set steps = {'made': []} -%}
    {%- call(former) unless_kept('table', sql) -%}
        {%- set edges = components_step(steps, 'edges', sql) -%}
        {%- set numbers = components_step(steps, 'numbers', components_numbers(edges)) -%}
        {%- set graph = components_step(steps, 'graph_0', components_graph(edges, numbers)) -%}

        {%- set rounds = [] -%}
        {%- set left = namespace(graph=graph, has_edges=true) -%}
        {%- for round in range(100) -%}
            {%- set left.has_edges = components_has_edges(left.graph) -%}
            {%- if not left.has_edges -%}
                {%- break -%}
            {%- endif -%}
            {%- set picks = components_step(steps, 'picks_' ~ round, components_picks(left.graph, round)) -%}
            {%- do rounds.append(picks) -%}
            {%- set left.graph = components_step(steps, 'graph_' ~ (round + 1), components_contracted(left.graph, picks)) -%}
        {%- endfor -%}
        {%- if left.has_edges -%}
            {%- do exceptions.raise_compiler_error('The components of ' ~ this ~ ' were not found in 100 rounds.') -%}
        {%- endif -%}

        {%- if rounds -%}
            {%- set labels = components_step(steps, 'labels', components_labels(rounds)) -%}
            {%- set components = components_named(numbers, labels) -%}
        {%- else -%}
            {%- set components = 'select node, node as component from ' ~ numbers -%}
        {%- endif -%}

        {%- do adapter.dispatch('components_replace')(former.existing, target_relation, components, steps) -%}
    {%- endcall -%}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{# Makes one working table, and remembers it to be dropped. #}
{% macro components_step(steps, suffix, sql) -%}
    {%- set relation = this.incorporate(path={'identifier': this.identifier ~ '__' ~ suffix}, type='table') -%}
    {%- set made = adapter.dispatch('components_working_table')(relation, sql) -%}
    {%- do steps.made.append(made) -%}
    {{ return(made) }}
{%- endmacro %}

{# Puts the result in the place of the former one, and drops the working tables. #}
{% macro default__components_replace(existing_relation, target_relation, sql, steps) -%}
    {%- if existing_relation is not none -%}
        {%- do adapter.drop_relation(existing_relation) -%}
    {%- endif -%}
    {% call statement('main') -%}
        {{ create_table_as(False, target_relation, sql) }}
    {%- endcall %}
    {%- for relation in steps.made -%}
        {%- do adapter.drop_relation(relation) -%}
    {%- endfor -%}
{%- endmacro %}

{# Temporary tables end with the connection, which dbt closes after the node. #}
{% macro duckdb__components_replace(existing_relation, target_relation, sql, steps) -%}
    {%- do create_or_replace('table', existing_relation, sql) -%}
{%- endmacro %}


{# Beside the target, where a run that failed may have left it. #}
{% macro default__components_working_table(relation, sql) -%}
    {%- if load_cached_relation(relation) is not none -%}
        {%- do adapter.drop_relation(relation) -%}
    {%- endif -%}
    {% call statement('working_table') -%}
        {{ create_table_as(False, relation, sql) }}
    {%- endcall %}
    {{ return(relation) }}
{%- endmacro %}

{# As a temporary table, which is not compressed: a third of the time of the whole. Spark's is a view. #}
{% macro duckdb__components_working_table(relation, sql) -%}
    {%- set made = relation.include(database=false, schema=false) -%}
    {% call statement('working_table', auto_begin=False) -%}
        create or replace temporary table {{ made }} as ({{ sql }})
    {%- endcall %}
    {{ return(made) }}
{%- endmacro %}


{% macro components_has_edges(graph) -%}
    {{ return(run_query('select count(*) from (select 1 from ' ~ graph ~ ' limit 1) as some_edge').rows[0][0] > 0) }}
{%- endmacro %}


{# Nodes as whole numbers from 1, in their own order. #}
{% macro components_numbers(edges) -%}
select node, cast(row_number() over (order by node nulls last) as bigint) as number
from (
    select left_node as node from {{ edges }}
    union
    select right_node from {{ edges }}
) as nodes
{%- endmacro %}


{# The edges between numbers. A loop is no edge. #}
{% macro components_graph(edges, numbers) -%}
select left_numbers.number as node, right_numbers.number as neighbour
from {{ edges }} as edges
inner join {{ numbers }} as left_numbers on edges.left_node = left_numbers.node
inner join {{ numbers }} as right_numbers on edges.right_node = right_numbers.node
where edges.left_node <> edges.right_node
{%- endmacro %}


{# A whole number from another, one-to-one, and in another order each round. #}
{% macro components_hash(number, round) -%}
{%- set p = 2147483647 -%}
{%- set a = 1 + (48271 * (round + 1) * (round + 7919)) % (p - 1) -%}
{%- set b = (69621 * (round + 1) * (round + 104729)) % p -%}
({{ a }} * {{ number }} + {{ b }}) % {{ p }}
{%- endmacro %}


{# Each edge from both its ends. #}
{% macro components_neighbours(graph) -%}
(
    select node, neighbour from {{ graph }}
    union all
    select neighbour, node from {{ graph }}
)
{%- endmacro %}


{# Of itself and its neighbours, the node with the smallest hash. #}
{% macro components_nearest(graph, round) -%}
(
    select
        node,
        case
            when min({{ components_hash('neighbour', round) }}) < {{ components_hash('node', round) }}
                then min_by(neighbour, {{ components_hash('neighbour', round) }})
            else node
        end as nearest
    from {{ components_neighbours(graph) }} as neighbours
    group by node
)
{%- endmacro %}


{# The same over two steps: the smallest of what its neighbours found. #}
{% macro components_picks(graph, round) -%}
select neighbours.node, min_by(found.nearest, {{ components_hash('found.nearest', round) }}) as pick
from {{ components_neighbours(graph) }} as neighbours
inner join {{ components_nearest(graph, round) }} as found on neighbours.neighbour = found.node
group by neighbours.node
{%- endmacro %}


{#
  Edges redrawn between the picked nodes, without loops. Loops are found by the redrawn ends: DuckDB takes an
  inequality of the two picks themselves for a join of all picks with each other.
#}
{% macro components_contracted(graph, picks) -%}
select distinct node, neighbour
from (
    select
        least(picks.pick, neighbour_picks.pick) as node,
        greatest(picks.pick, neighbour_picks.pick) as neighbour
    from {{ graph }} as graph
    inner join {{ picks }} as picks on graph.node = picks.node
    inner join {{ picks }} as neighbour_picks on graph.neighbour = neighbour_picks.node
) as redrawn
where node <> neighbour
{%- endmacro %}


{# Follows the picks from round to round, until the node is alone. #}
{% macro components_labels(rounds) -%}
select
    picks_0.node,
    coalesce({% for _ in rounds %}picks_{{ loop.revindex0 }}.pick{{ ', ' if not loop.last }}{% endfor %}) as label
from {{ rounds[0] }} as picks_0
{% for picks in rounds[1:] -%}
left join {{ picks }} as picks_{{ loop.index }} on picks_{{ loop.index0 }}.pick = picks_{{ loop.index }}.node
{% endfor %}
{%- endmacro %}


{# Back to names: the smallest node names its component. A node that has only loops has no label. #}
{% macro components_named(numbers, labels) -%}
select numbers.node, coalesce(names.node, numbers.node) as component
from {{ numbers }} as numbers
left join {{ labels }} as labels on numbers.number = labels.node
left join (
    select label, min(node) as smallest from {{ labels }} group by label
) as components on labels.label = components.label
left join {{ numbers }} as names on components.smallest = names.number
{%- endmacro %}
