-- landed = accepted + quarantined + superseded + duplicate + ignored by declaration, and
-- accepted = in marts + unattributed, in rows and in money as delivered. What the marts hold is read
-- from the marts themselves; what was only inferred was never delivered, and does not count. What
-- no mart holds row by row is reconciled by the first equation. That every landed row is among the
-- settled ones is proved by assert_every_landed_row_is_settled.
{%- set held = ['accounts', 'orders', 'order_lines', 'refunds', 'products', 'stores', 'campaigns'] %}
{%- set if_held = "case when entity in ('" ~ held | join("', '") ~ "') then 0 end" %}
{%- set measures = {
    'landed': 0, 'accepted': 0, 'quarantined': 0, 'superseded': 0, 'duplicate': 0, 'ignored': 0,
    'in_marts': if_held, 'unattributed': if_held,
} %}

with mart_rows as (

    select
        'accounts' as entity,
        source_system,
        cast(null as date) as business_on,
        'in_marts' as measure,
        cast(0 as decimal(18,2)) as amount
    from {{ ref('customer_accounts') }}
    where not is_inferred
    union all
    select 'orders', source_system, ordered_on, 'in_marts', 0
    from {{ ref('orders') }}
    union all
    select 'order_lines', source_system, ordered_on, 'in_marts', delivered_amount
    from {{ ref('order_lines') }}
    union all
    select
        'refunds',
        source_system,
        refunded_on,
        case when is_attributed then 'in_marts' else 'unattributed' end,
        delivered_amount
    from {{ ref('refunds') }}
    union all
    select 'products', source_system, null, 'in_marts', 0
    from {{ ref('products') }}
    where not is_inferred
    union all
    select 'stores', source_system, null, 'in_marts', 0
    from {{ ref('stores') }}
    where not is_inferred
    union all
    select 'campaigns', source_system, starts_on, 'in_marts', 0
    from {{ ref('campaigns') }}

),

measured as (

    select source_system, entity, business_on, row_status as measure, row_count, amount
    from {{ ref('int_settled_rows') }} as settled
    union all
    select source_system, entity, business_on, 'landed', row_count, amount
    from {{ ref('int_settled_rows') }} as settled
    union all
    select source_system, entity, business_on, measure, 1, amount
    from mart_rows

),

compared as (

    select
        source_system,
        entity,
        business_on,
        {%- for measure, nothing in measures.items() %}
        cast(
            coalesce(sum(row_count) filter (where measure = '{{ measure }}'), {{ nothing }})
            as bigint
        ) as rows_{{ measure }},
        {%- endfor %}
        {%- for measure, nothing in measures.items() %}
        cast(
            coalesce(sum(amount) filter (where measure = '{{ measure }}'), {{ nothing }})
            as decimal(18,2)
        ) as amount_{{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from measured
    group by source_system, entity, business_on

)

select
    compared.*,
    rows_landed
    = rows_accepted + rows_quarantined + rows_superseded + rows_duplicate + rows_ignored
    and rows_accepted = coalesce(rows_in_marts + rows_unattributed, rows_accepted)
    and amount_landed
    = amount_accepted + amount_quarantined + amount_superseded + amount_duplicate + amount_ignored
    and amount_accepted = coalesce(amount_in_marts + amount_unattributed, amount_accepted)
        as is_reconciled
from compared
