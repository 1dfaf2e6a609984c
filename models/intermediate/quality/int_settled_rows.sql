-- Every delivered row, counted by what became of it; money as delivered, in the order's own currency.
with rows_by_entity as (

    {%- for entity in var('entities') %}
    {%- set its = settings_of(entity) %}
    select
        '{{ entity }}' as entity,
        source_system,
        {{ its.business_on or 'cast(null as date)' }} as business_on,
        row_status,
        reason_code,
        {{ its.amount or 'cast(0 as decimal(18,2))' }} as amount
    from {{ ref('int_' ~ entity ~ '_validated') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select
    source_system,
    entity,
    business_on,
    row_status,
    case when row_status = 'quarantined' then reason_code end as reason_code,
    count(*) as row_count,
    cast(coalesce(sum(amount), 0) as decimal(38,2)) as amount
from rows_by_entity
group by 1, 2, 3, 4, 5
