-- What: each staging model has as many rows of a batch among those of its entity as the lander wrote, or that many times
-- as it says it makes of one (`rows_per_landed_row` in its meta); none lost or doubled by staging, by the union or by a join.
-- Why: the reconciliation starts from these rows, so they are counted against the ledger first.
-- Returns the batches of which a staging model has another number of rows, none at all among them.
with readers as (

    select
        '' as staging_model,
        '' as source_system,
        '' as feed,
        1 as rows_per_landed_row
    where false
    {%- for node in graph.nodes.values() if execute and node.name.split('__')[1] in var('entities') %}
    {%- for source in node.depends_on.nodes if source in graph.sources %}
    union all
    select
        '{{ node.name }}',
        '{{ source.split(".")[-2] }}',
        '{{ source.split(".")[-1] }}',
        {{ node.config.meta.rows_per_landed_row or 1 }}
    {%- endfor %}
    {%- endfor %}

),

landed as (

    select distinct
        readers.staging_model,
        deliveries.batch,
        deliveries.rows_accepted * readers.rows_per_landed_row as row_count
    from readers
    inner join {{ ref('stg_landing__deliveries') }} as deliveries
        on readers.source_system = deliveries.source_system
        and readers.feed = deliveries.feed
    where deliveries.status = 'landed'
        and deliveries.rows_accepted > 0
    {%- if var('known_at') %}
        and deliveries.landed_at < cast('{{ var("known_at") }}' as timestamp)
    {%- endif %}

),

settled as (

    {%- for entity in var('entities') %}
    select _staging_model as staging_model, _batch as batch, count(*) as row_count
    from {{ ref('int_' ~ entity ~ '_validated') }}
    group by _staging_model, _batch
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    coalesce(landed.staging_model, settled.staging_model) as staging_model,
    coalesce(landed.batch, settled.batch) as batch,
    landed.row_count as landed_rows,
    settled.row_count as settled_rows
from landed
full outer join settled
    on landed.staging_model = settled.staging_model
    and landed.batch = settled.batch
where landed.row_count is distinct from settled.row_count
