-- depends_on: {{ ref('customer_accounts') }}, {{ ref('orders') }}, {{ ref('order_lines') }}, {{ ref('refunds') }}
-- depends_on: {{ ref('products') }}, {{ ref('stores') }}, {{ ref('campaigns') }}
-- landed = accepted + quarantined + superseded + duplicate, and
-- accepted = in marts + unattributed, in rows and in money as delivered. What the marts hold is read
-- from the marts themselves; what was only inferred was never delivered, and does not count. What
-- no mart holds row by row is reconciled by the first equation. That every landed row is among the
-- settled ones is proved by assert_every_landed_row_is_settled.
{%- set held = [] %}
{%- for entity in var('entities') if settings_of(entity).mart %}{% do held.append(entity) %}{% endfor %}
{%- set if_held = "case when entity in ('" ~ held | join("', '") ~ "') then 0 end" %}
{%- set measures = {
    'landed': 0, 'accepted': 0, 'quarantined': 0, 'superseded': 0, 'duplicate': 0,
    'in_marts': if_held, 'unattributed': if_held,
} %}

with settled as (

    select * from {{ ref('int_settled_rows') }}

),

mart_rows as (

    {%- for entity in held %}
    {%- set its = settings_of(entity) %}
    select
        '{{ entity }}' as entity,
        source_system,
        {{ its.business_on or 'cast(null as date)' }} as business_on,
        {% if its.unattributed_where %}case when {{ its.unattributed_where }} then 'unattributed' else 'in_marts' end{% else %}'in_marts'{% endif %} as measure,
        {{ its.amount or 'cast(0 as decimal(18,2))' }} as amount
    from {{ ref(its.mart) }}
    where {{ its.delivered_where or 'true' }}
    {{ 'union all' if not loop.last }}
    {%- else %}
    select null as nothing
    {%- endfor %}

),

measured as (

    select source_system, entity, business_on, row_status as measure, row_count, amount
    from settled
    union all
    select source_system, entity, business_on, 'landed', row_count, amount
    from settled
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

),

reconciled as (

    select
        compared.*,
        rows_landed = rows_accepted + rows_quarantined + rows_superseded + rows_duplicate
        and rows_accepted = coalesce(rows_in_marts + rows_unattributed, rows_accepted)
        and amount_landed
        = amount_accepted + amount_quarantined + amount_superseded + amount_duplicate
        and amount_accepted = coalesce(amount_in_marts + amount_unattributed, amount_accepted)
            as is_reconciled
    from compared

)

select * from reconciled
