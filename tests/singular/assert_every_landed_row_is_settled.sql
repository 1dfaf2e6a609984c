-- What: each entity has exactly as many rows of a batch as the lander wrote, none lost or doubled
-- by staging, by the union or by a join.
-- Why: the reconciliation starts from these rows, so they are counted against the ledger first.
-- Returns the batches whose counts differ, and those that no entity knows although staging reads
-- their feed.
{%- set feeds = [] %}
{%- for node in graph.nodes.values() if execute and node.name.startswith('stg_') %}
    {%- for source in node.depends_on.nodes %}
        {%- do feeds.append("'" ~ source.split('.')[2:] | join('.') ~ "'") %}
    {%- endfor %}
{%- endfor %}

with settled as (

    {%- for entity in var('entities') %}
    select '{{ entity }}' as entity, _batch as batch, count(*) as row_count
    from {{ ref('int_' ~ entity ~ '_validated') }}
    group by _batch
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

landed as (

    select distinct batch, rows_accepted
    from {{ ref('stg_landing__deliveries') }}
    where status = 'landed'
        and rows_accepted > 0
        and source_system || '.' || feed in ({{ feeds | join(', ') or 'null' }})
    {%- if var('known_at') %}
        and landed_at < cast('{{ var("known_at") }}' as timestamp)
    {%- endif %}

)

select settled.entity, landed.batch, settled.row_count, landed.rows_accepted
from landed
full outer join settled on landed.batch = settled.batch
where settled.row_count is distinct from landed.rows_accepted
