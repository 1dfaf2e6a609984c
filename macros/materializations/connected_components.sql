{#
  Materializes the connected components of a graph by randomised contraction (Bögeholz, Brand, Todor:
  In-database connected component analysis, ICDE 2020).

  What: the model's SQL gives edges (left_node, right_node). The table has one row per node that has an
  edge: `node`, and `component`, the smallest node that is connected to it.
  How: in every round each node picks, among itself and its neighbours, the one with the smallest hash;
  edges are redrawn between the picked nodes, and loops and repetitions are dropped. The expected number
  of nodes falls to at most 3/4 in each round, so that 30 rounds serve a billion nodes, whatever the shape: a
  neighbour-minimum loop needs as many rounds as the longest chain has links.
  Why real tables: engines inline CTEs, and would compute the first round again in each later one.
  The hash is (a·x + b) mod p with another a and b per round; it is one-to-one for x < p = 2³¹ − 1, the most
  nodes there may be. Labels don't depend on it.
#}
{% materialization connected_components, default %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- set steps = {'made': []} -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- set edges = components_step(steps, 'edges', sql) -%}
    {%- set numbers = components_step(steps, 'numbers', components_numbers(edges)) -%}
    {%- set graph = components_step(steps, 'graph_0', components_graph(edges, numbers)) -%}

    {%- set rounds = [] -%}
    {%- set left = namespace(graph=graph, has_edges=components_has_edges(graph)) -%}
    {%- for round in range(100) -%}
        {%- if left.has_edges -%}
            {%- set picks = components_step(steps, 'picks_' ~ round, components_picks(left.graph, round)) -%}
            {%- do rounds.append(picks) -%}
            {%- set moved = components_step(steps, 'moved_' ~ round, components_moved(left.graph, picks)) -%}
            {%- set left.graph = components_step(steps, 'graph_' ~ (round + 1), components_contracted(moved, picks)) -%}
            {%- set left.has_edges = components_has_edges(left.graph) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if left.has_edges -%}
        {%- do exceptions.raise_compiler_error('The components of ' ~ this ~ ' were not found in 100 rounds.') -%}
    {%- endif -%}

    {%- set labels = [none] -%}
    {%- for picks in rounds | reverse -%}
        {%- set later = labels[-1] -%}
        {%- do labels.append(components_step(steps, 'labels_' ~ loop.index, components_labels(picks, later))) -%}
    {%- endfor -%}

    {%- if existing_relation is not none -%}
        {%- do adapter.drop_relation(existing_relation) -%}
    {%- endif -%}
    {% call statement('main') -%}
        {{ create_table_as(False, target_relation, components_named(numbers, labels[-1])) }}
    {%- endcall %}
    {%- for relation in steps.made -%}
        {%- do adapter.drop_relation(relation) -%}
    {%- endfor -%}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{# Makes one working table beside the target, and remembers it to be dropped. #}
{% macro components_step(steps, suffix, sql) -%}
    {%- set relation = this.incorporate(path={'identifier': this.identifier ~ '__' ~ suffix}, type='table') -%}
    {%- do adapter.drop_relation(relation) -%}
    {% call statement(suffix) -%}
        {{ create_table_as(False, relation, sql) }}
    {%- endcall %}
    {%- do steps.made.append(relation) -%}
    {{ return(relation) }}
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


{# Each edge in both directions, so that a node's neighbours are one group. #}
{% macro components_graph(edges, numbers) -%}
select left_numbers.number as node, right_numbers.number as neighbour
from {{ edges }} as edges
inner join {{ numbers }} as left_numbers on edges.left_node = left_numbers.node
inner join {{ numbers }} as right_numbers on edges.right_node = right_numbers.node
union
select right_numbers.number, left_numbers.number
from {{ edges }} as edges
inner join {{ numbers }} as left_numbers on edges.left_node = left_numbers.node
inner join {{ numbers }} as right_numbers on edges.right_node = right_numbers.node
{%- endmacro %}


{# Of itself and its neighbours, the node with the smallest hash. #}
{% macro components_picks(graph, round) -%}
{%- set p = 2147483647 -%}
{%- set a = 1 + (48271 * (round + 1) * (round + 7919)) % (p - 1) -%}
{%- set b = (69621 * (round + 1) * (round + 104729)) % p -%}
select
    node,
    case
        when min(({{ a }} * neighbour + {{ b }}) % {{ p }}) < ({{ a }} * node + {{ b }}) % {{ p }}
            then min_by(neighbour, ({{ a }} * neighbour + {{ b }}) % {{ p }})
        else node
    end as pick
from {{ graph }}
group by node
{%- endmacro %}


{#
  Edges redrawn between the picked nodes, one end at a time: with both in one query DuckDB joins the
  picks with each other by the inequality first, which is quadratic.
#}
{% macro components_moved(graph, picks) -%}
select picks.pick as node, graph.neighbour
from {{ graph }} as graph
inner join {{ picks }} as picks on graph.node = picks.node
{%- endmacro %}

{% macro components_contracted(moved, picks) -%}
select distinct moved.node, picks.pick as neighbour
from {{ moved }} as moved
inner join {{ picks }} as picks on moved.neighbour = picks.node
where moved.node <> picks.pick
{%- endmacro %}


{# Follows a round's picks into the labels of the rounds after it. #}
{% macro components_labels(picks, later) -%}
{%- if later is none -%}
select node, pick as label from {{ picks }}
{%- else -%}
select picks.node, coalesce(later.label, picks.pick) as label
from {{ picks }} as picks
left join {{ later }} as later on picks.pick = later.node
{%- endif -%}
{%- endmacro %}


{# Back to names; the smallest node names its component. #}
{% macro components_named(numbers, labels) -%}
select
    numbers.node,
    min(numbers.node) over (partition by {{ 'labels.label' if labels else 'numbers.number' }}) as component
from {{ numbers }} as numbers
{%- if labels %}
left join {{ labels }} as labels on numbers.number = labels.node
{%- endif %}
{%- endmacro %}
