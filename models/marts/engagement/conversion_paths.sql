-- Paths that fewer purchases than path_min_count came by are one row together, so that the rows count every purchase once.
with purchases as (

    select
        order_id,
        net_amount,
        case
            when customer_id is null then 'unknown'
            when ordered_on = min(ordered_on) over (partition by customer_id) then 'first'
            else 'later'
        end as purchase_kind
    from {{ ref('orders') }}
    where is_purchase

),

taken as (

    select
        kinds.path_kind,
        purchases.purchase_kind,
        purchases.net_amount,
        coalesce(paths.path, 'none') as path,
        coalesce(paths.path_length, 0) as path_length,
        paths.days
    from purchases
    cross join (select 'channel' as path_kind union all select 'page') as kinds
    left join {{ ref('int_purchase_paths') }} as paths
        on purchases.order_id = paths.order_id
        and kinds.path_kind = paths.path_kind

),

frequent as (

    select
        path_kind,
        purchase_kind,
        path
    from taken
    group by path_kind, purchase_kind, path
    having count(*) >= {{ var('path_min_count') }} or max(path_length) = 0

),

counted as (

    select
        taken.path_kind,
        taken.purchase_kind,
        coalesce(frequent.path, '…') as path,
        max(case when frequent.path is not null then taken.path_length end) as path_length,
        count(*) as purchase_count,
        percentile_cont(0.5) within group (order by taken.days) as median_days,
        sum(taken.net_amount) as net_amount
    from taken
    left join frequent
        on taken.path_kind = frequent.path_kind
        and taken.purchase_kind = frequent.purchase_kind
        and taken.path = frequent.path
    group by taken.path_kind, taken.purchase_kind, coalesce(frequent.path, '…')

)

select
    path_kind,
    purchase_kind,
    path,
    cast(path_length as bigint) as path_length,
    purchase_count,
    cast(purchase_count as double) / sum(purchase_count) over (partition by path_kind, purchase_kind) as purchase_share,
    cast(median_days as double) as median_days,
    cast(net_amount as decimal(18,2)) as net_amount
from counted
