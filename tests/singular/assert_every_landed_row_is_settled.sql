-- What: each entity has exactly as many rows of a batch as the lander wrote, none lost or doubled
-- by staging, by the union or by a join.
-- Why: the reconciliation starts from these rows, so they are counted against the ledger first.
-- Returns the batches whose counts differ.
{%- set entities = ['accounts', 'orders', 'order_lines', 'refunds', 'products', 'stores'] %}

with settled as (

    {%- for entity in entities %}
    select '{{ entity }}' as entity, _batch as batch, count(*) as row_count
    from {{ ref('int_' ~ entity ~ '_checked') }}
    group by _batch
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

landed as (

    select distinct batch, rows_accepted
    from {{ ref('stg_landing__deliveries') }}
    where status = 'landed'

)

select settled.*, landed.rows_accepted
from settled
left join landed on settled.batch = landed.batch
where settled.row_count is distinct from landed.rows_accepted
