with settled as (

    select * from {{ ref('int_settled_rows') }}

),

rejected_lines as (

    select * from {{ ref('stg_landing__rejected_lines') }}

),

reasons as (

    select * from {{ ref('quarantine_reasons') }}

),

refused as (

    select
        source_system,
        entity,
        'validation' as caught_at,
        reason_code,
        sum(row_count) as row_count,
        sum(amount) as amount
    from settled
    where row_status = 'quarantined'
    group by source_system, entity, reason_code
    union all
    select
        source_system,
        feed,
        'landing',
        reason_code,
        count(*),
        0
    from rejected_lines
    group by source_system, feed, reason_code

),

explained as (

    select
        refused.source_system,
        refused.entity,
        refused.caught_at,
        refused.reason_code,
        reasons.reason_en,
        reasons.reason_zh,
        cast(refused.row_count as bigint) as row_count,
        cast(refused.amount as decimal(18,2)) as amount
    from refused
    left join reasons on refused.reason_code = reasons.reason_code

)

select * from explained
